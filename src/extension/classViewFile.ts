/**
 * Whether a text is a class view that `trapframe grade` wrote: its own security policy stands before everything else, so that a
 * file which only looks like one can neither run anything nor load anything.
 */
export const isClassView = (text: string): boolean =>
  /^<!DOCTYPE html>\n<html lang="\w+">\n<head>\n(?:<meta (?:charset|name)="[\w-]+"(?: content="[^"<>]*")?>\n)*<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n<title>/.test(
    text,
  );
