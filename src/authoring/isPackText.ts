/**
 * Whether the text of a `pack.yaml` is that of a lesson pack. Other tools have files of this name, and of what is not ours
 * nothing is said.
 */
export const isPackText = (text: string): boolean => /^(?:modules|lessons)\s*:/m.test(text);
