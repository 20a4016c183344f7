/** Name of a learner's report beside a class view, as `fileWord` makes it. */
export const isStudentReport = (file: string): boolean => /^(?!\.)[A-Za-z0-9._@-]+\.md$/.test(file);

/**
 * A class view for a webview, in which a link to a file leads nowhere: its links to learners' reports run a command instead.
 * @param command identifier of a command that takes the folder and the file's name
 * @param folder where the class view lies, as a URI
 */
export const withCommandLinks = (text: string, command: string, folder: string): string =>
  text.replaceAll(/href="students\/([^"/]+)"/g, (seen, file: string) =>
    isStudentReport(file)
      ? `href="command:${command}?${encodeURIComponent(JSON.stringify([folder, file]))}"`
      : seen,
  );

/**
 * Whether a text is a class view that `trapframe grade` wrote: its own security policy stands before everything else, so that a
 * file which only looks like one can neither run anything nor load anything.
 */
export const isClassView = (text: string): boolean =>
  /^<!DOCTYPE html>\n<html lang="\w+">\n<head>\n(?:<meta (?:charset|name)="[\w-]+"(?: content="[^"<>]*")?>\n)*<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n<title>/.test(
    text,
  );
