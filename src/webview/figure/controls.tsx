import type { JSX } from 'preact';
import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import { unitSymbol, type ParameterValue } from '../../engine/kernel/parameters.ts';
import { WithCode, withoutMarks } from '../page/codeText.tsx';
import { Icon } from '../page/icons.tsx';
import { Said } from '../page/said.tsx';
import type { Control } from './figureProtocol.ts';
import { nearestStop, sliderStops } from './sliderStops.ts';
import { t } from '../page/messages.ts';

interface ControlProps {
  readonly control: Control;
  readonly value: ParameterValue;
  /** What is wrong with the value, in a sentence. */
  readonly problem: string | undefined;
  /** Show the parameter's documentation; it is its description for screen readers either way. */
  readonly explained: boolean;
  readonly onChange: (value: ParameterValue) => void;
}

/** One control for one parameter of the scenario, with its documentation as help and room for a problem. */
export function ParameterControl(props: ControlProps): JSX.Element {
  const { control, problem, explained } = props;
  const id = useId();
  const described = `${id}-doc ${id}-problem`;
  return (
    <div
      class={['control', problem !== undefined && 'has-problem', isWordy(control) && 'wide']
        .filter(Boolean)
        .join(' ')}
      title={withoutMarks(control.doc)}
    >
      <Field {...props} id={id} described={described} />
      <p id={`${id}-doc`} class="control-doc" hidden={!explained}>
        <WithCode text={control.doc} />
      </p>
      <p id={`${id}-problem`} class="control-problem" aria-live="polite">
        {problem !== undefined && (
          <>
            <Icon name="ungradable" /> <Said text={problem} />
          </>
        )}
      </p>
    </div>
  );
}

/** Length of the longest meaning of what can be chosen, in characters; 0 where nothing is chosen from a list. */
const longestMeaning = (control: Control): number =>
  Math.max(0, ...(control.values ?? []).map(({ doc }) => doc.length));

/** Whether what can be chosen does not fit into one column. */
const isWordy = (control: Control): boolean => longestMeaning(control) > 18;

/** Whether it does not fit into one line either: then the list shows names, and what the chosen one means stands below. */
const isNamed = (control: Control): boolean => longestMeaning(control) > 40;

interface FieldProps extends ControlProps {
  readonly id: string;
  readonly described: string;
}

function Field(props: FieldProps): JSX.Element {
  const { control, value, onChange, id, described } = props;
  switch (control.kind) {
    case 'count':
      return <CountField {...props} />;
    case 'quantity':
      return <QuantityField {...props} />;
    case 'choice':
      return <ChoiceField {...props} />;
    case 'flag':
      return (
        <label class="check">
          <input
            id={id}
            type="checkbox"
            aria-describedby={described}
            checked={value === true}
            onChange={(event) => onChange(event.currentTarget.checked)}
          />
          {control.label}
        </label>
      );
  }
}

function ChoiceField({ control, value, problem, onChange, id, described }: FieldProps): JSX.Element {
  const named = isNamed(control);
  const chosen = control.values?.find((option) => option.value === value);
  return (
    <>
      <label for={id}>{control.label}</label>
      <select
        id={id}
        class={named ? 'named' : undefined}
        aria-describedby={named ? `${id}-chosen ${described}` : described}
        aria-invalid={problem !== undefined}
        value={String(value)}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {control.values?.map((option) => (
          <option key={option.value} value={option.value}>
            {named ? option.value : withoutMarks(option.doc)}
          </option>
        ))}
      </select>
      {named && (
        <p id={`${id}-chosen`} class="chosen-doc">
          {chosen !== undefined && <WithCode text={chosen.doc} />}
        </p>
      )}
    </>
  );
}

function CountField({ control, value, problem, onChange, id, described }: FieldProps): JSX.Element {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = control;
  const current = typeof value === 'number' ? value : min;
  const step = (by: number): void => onChange(Math.min(max, Math.max(min, current + by)));
  return (
    <>
      <label for={id}>{control.label}</label>
      <div class="stepper">
        <button
          type="button"
          aria-label={t('{0}: one fewer', control.label)}
          aria-disabled={current <= min}
          onClick={() => step(-1)}
        >
          <Icon name="minus" />
        </button>
        <NumberInput
          id={id}
          described={described}
          invalid={problem !== undefined}
          value={value}
          step={1}
          min={min}
          max={max}
          onChange={onChange}
        />
        <button
          type="button"
          aria-label={t('{0}: one more', control.label)}
          aria-disabled={current >= max}
          onClick={() => step(1)}
        >
          <Icon name="plus" />
        </button>
      </div>
    </>
  );
}

/** A slider over round values, and a number field for everything between. */
function QuantityField({ control, value, problem, onChange, id, described }: FieldProps): JSX.Element {
  const { min = 0, max = 1, step = 1 } = control;
  const stops = useMemo(() => sliderStops(min, max, step), [min, max, step]);
  const unit = unitSymbol(control.unit);
  const at = typeof value === 'number' ? nearestStop(stops, value) : 0;
  return (
    <>
      <label for={id}>{control.label}</label>
      <div class="quantity">
        <input
          type="range"
          aria-label={t('{0}, slider', control.label)}
          aria-valuetext={`${String(value)} ${unit}`}
          min={0}
          max={stops.length - 1}
          step={1}
          value={at}
          onInput={(event) => onChange(stops[Number(event.currentTarget.value)]!)}
        />
        <span class="with-unit">
          <NumberInput
            id={id}
            described={described}
            invalid={problem !== undefined}
            value={value}
            step={step}
            min={min}
            max={max}
            onChange={onChange}
          />
          <span class="unit">{unit}</span>
        </span>
      </div>
    </>
  );
}

interface NumberInputProps {
  readonly id: string;
  readonly described: string;
  readonly invalid: boolean;
  readonly value: ParameterValue;
  readonly step: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: ParameterValue) => void;
}

/** Keeps what is being typed, so that clearing the field to type another number does not fight back. */
function NumberInput({
  id,
  described,
  invalid,
  value,
  step,
  min,
  max,
  onChange,
}: NumberInputProps): JSX.Element {
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? String(value);
  useEffect(() => {
    if (typed !== undefined && typed.trim() !== '' && Number(typed) !== value) setTyped(undefined);
  }, [value]);
  const change = (text: string): void => {
    setTyped(text);
    onChange(text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text));
  };
  const stepBy = (direction: number): void => {
    const from = typeof value === 'number' ? value : min;
    setTyped(undefined);
    onChange(Math.min(max, Math.max(min, Number((from + direction * step).toPrecision(12)))));
  };
  return (
    <input
      id={id}
      type="text"
      inputMode="decimal"
      autocomplete="off"
      spellcheck={false}
      aria-describedby={described}
      aria-invalid={invalid}
      value={shown}
      onInput={(event) => change(event.currentTarget.value)}
      onBlur={() => setTyped(undefined)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        stepBy(event.key === 'ArrowUp' ? 1 : -1);
      }}
    />
  );
}
