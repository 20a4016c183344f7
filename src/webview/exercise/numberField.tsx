import type { JSX, Ref } from 'preact';
import { useId } from 'preact/hooks';

interface NumberFieldProps {
  readonly label: string;
  readonly unit: string;
  readonly text: string;
  /** Shown, but no longer to be changed. */
  readonly locked: boolean;
  readonly invalid: boolean;
  readonly describedBy: string;
  readonly inputRef: Ref<HTMLInputElement>;
  readonly onText: (text: string) => void;
}

/** A number with its unit. Free text on purpose: the grader reads `90`, `90 ms` and `0.09 s` alike, and says what it cannot read. */
export function NumberField(props: NumberFieldProps): JSX.Element {
  const id = useId();
  return (
    <div class="number-field">
      <label for={id}>{props.label}</label>
      <span class="with-unit">
        <input
          ref={props.inputRef}
          id={id}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          spellcheck={false}
          value={props.text}
          readOnly={props.locked}
          aria-invalid={props.invalid}
          aria-describedby={`${id}-unit ${props.describedBy}`}
          onInput={(event) => props.onText(event.currentTarget.value)}
        />
        <span id={`${id}-unit`} class="unit">
          {props.unit}
        </span>
      </span>
    </div>
  );
}
