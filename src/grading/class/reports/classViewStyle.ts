/** In a webview the colours are those of the editor's theme; elsewhere those of the system's. */
export const classViewStyle = `
:root {
  color-scheme: light dark;
  --text: var(--vscode-editor-foreground, #1f2328);
  --muted: var(--vscode-descriptionForeground, #59636e);
  --background: var(--vscode-editor-background, #ffffff);
  --border: var(--vscode-contrastBorder, var(--vscode-widget-border, #d1d9e0));
  --right: var(--vscode-charts-green, #1a7f37);
  --wrong: var(--vscode-charts-red, #cf222e);
  --plain: var(--vscode-charts-blue, #0969da);
  --focus: var(--vscode-focusBorder, #0969da);
  --link: var(--vscode-textLink-foreground, #0969da);
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: var(--vscode-editor-foreground, #f0f6fc);
    --muted: var(--vscode-descriptionForeground, #9198a1);
    --background: var(--vscode-editor-background, #0d1117);
    --border: var(--vscode-contrastBorder, var(--vscode-widget-border, #3d444d));
    --right: var(--vscode-charts-green, #3fb950);
    --wrong: var(--vscode-charts-red, #f85149);
    --plain: var(--vscode-charts-blue, #4493f8);
    --focus: var(--vscode-focusBorder, #4493f8);
    --link: var(--vscode-textLink-foreground, #4493f8);
  }
}
body { margin: 0; font: 15px/1.5 var(--vscode-font-family, system-ui, sans-serif); color: var(--text); background: var(--background); }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0 0.75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 0.5rem; scroll-margin-top: 1rem; }
p { max-width: 72ch; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
.facts { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 0 0 1.5rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; font-size: 1.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--muted); padding-bottom: 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1rem 0.35rem 0; border-bottom: 1px solid var(--border); font-weight: normal; }
th:last-child, td:last-child { padding-right: 0.25rem; }
thead th { color: var(--muted); vertical-align: bottom; }
tbody th { min-width: 9rem; overflow-wrap: anywhere; }
th[scope='rowgroup'] { padding-top: 1.1rem; font-weight: 600; }
td, .number { font-variant-numeric: tabular-nums; }
.number { text-align: right; white-space: nowrap; }
.id { color: var(--muted); font-size: 0.87em; font-family: var(--vscode-editor-font-family, ui-monospace, monospace); overflow-wrap: anywhere; }
th .id { display: block; }
.bar { display: inline-block; width: 6rem; height: 0.6rem; margin-right: 0.6rem; border: 1px solid var(--border); border-radius: 2px; overflow: hidden; vertical-align: middle; }
.bar > span { display: block; height: 100%; background: var(--plain); forced-color-adjust: none; print-color-adjust: exact; }
.bar.right > span { background: var(--right); }
.bar.wrong > span { background: var(--wrong); }
td:has(.bar) { white-space: nowrap; }
.histogram table { width: auto; }
.histogram th, .histogram td { padding-block: 0.1rem; border-bottom: none; }
.histogram tbody th { min-width: 6rem; }
.histogram .bar { width: 12rem; }
.problems > li { margin-bottom: 0.5rem; max-width: 90ch; overflow-wrap: anywhere; }
.places { color: var(--muted); }
summary { cursor: pointer; }
.mistakes { padding-left: 1.5rem; }
.mistakes > li { margin-bottom: 1.25rem; }
.mistakes p { margin: 0.25rem 0; }
blockquote { margin: 0.4rem 0; padding-left: 0.8rem; border-left: 3px solid var(--border); max-width: 72ch; }
.say { color: var(--muted); }
.say code, blockquote code { font-family: var(--vscode-editor-font-family, ui-monospace, monospace); }
footer { margin-top: 3rem; color: var(--muted); }
@media (max-width: 40rem) {
  main { padding-inline: 1rem; }
  .bar { width: 3rem; margin-right: 0.4rem; }
  th, td { padding-right: 0.75rem; }
  .facts { gap: 0.75rem 1.75rem; }
}
@media print {
  body { font-size: 11px; }
  main { max-width: none; padding: 0; }
  .bar { width: 3rem; }
  th, td { padding-right: 0.6rem; }
  tbody th { min-width: 6rem; }
  nav { display: none; }
  a { color: inherit; text-decoration: none; }
  .scroll { overflow: visible; }
  tr, li, blockquote { break-inside: avoid; }
  h2, caption, th[scope='rowgroup'] { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; }
}
`;
