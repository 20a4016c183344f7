import { bindName, describeName, poolName, stepName, trapframeModule } from './guestPrelude.ts';
import { trusted } from './guestWords.ts';
import { messageWord, textUnits, unitsPerWord } from './layout.ts';
import type { PreparedGuest } from './loadedGuest.ts';
import { QuickjsInstance, type HostFunctions } from './quickjsInstance.ts';
import type { SandboxPlan } from './sandboxPlan.ts';

/** The prelude asks nothing while it is set up. */
const nobody: HostFunctions = { c: () => {}, l: () => {}, f: () => {} };

/**
 * A fresh machine in which the prelude and the module `trapframe` have run, frozen. It takes most of the time of a load.
 * @param instrumented whether the modules that are loaded into it tell their returns
 */
export function prepareGuest(plan: SandboxPlan, instrumented: boolean): PreparedGuest {
  const instance = QuickjsInstance.boot(plan.module, plan.limits, nobody);
  instance.allowTicks(Infinity);
  const wordCount = messageWord + plan.messageWords + textUnits / unitsPerWord;
  const shared = instance.newSharedBuffer(wordCount);
  const make = trusted(instance.runScript(plan.prelude, 'trapframe'));
  const guest = trusted(
    instance.call(
      make,
      shared.buffer,
      instance.hostFunction('c'),
      instance.hostFunction('l'),
      instance.hostFunction('f'),
      instance.newNumber(instrumented ? 1 : 0),
    ),
  );
  trusted(instance.runModule(trapframeModule, 'trapframe'));
  return {
    plan,
    functions: {
      bind: instance.property(guest, bindName),
      describe: instance.property(guest, describeName),
      steps: plan.decisions.map((_, index) => instance.property(guest, stepName(index))),
      pools: plan.decisions.map(({ pool }, index) =>
        pool === undefined ? undefined : instance.property(guest, poolName(index)),
      ),
      firstWord: shared.firstWord,
    },
    snapshot: instance.snapshot(),
  };
}
