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
  }
}
body { margin: 0; font: 15px/1.5 var(--vscode-font-family, system-ui, sans-serif); color: var(--text); background: var(--background); }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0 1.5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0.5rem; }
p { max-width: 72ch; }
.facts { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 0 0 1.5rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; font-size: 1.2rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--muted); padding-bottom: 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1rem 0.35rem 0; border-bottom: 1px solid var(--border); font-weight: normal; }
thead th { color: var(--muted); vertical-align: bottom; }
td, .number { font-variant-numeric: tabular-nums; }
.number { text-align: right; white-space: nowrap; }
.id { color: var(--muted); font-size: 0.87em; font-family: var(--vscode-editor-font-family, ui-monospace, monospace); overflow-wrap: anywhere; }
.bar { display: inline-block; width: 6rem; height: 0.6rem; margin-right: 0.6rem; border: 1px solid var(--border); border-radius: 2px; overflow: hidden; vertical-align: middle; }
.bar > span { display: block; height: 100%; background: var(--plain); forced-color-adjust: none; }
.bar.right > span { background: var(--right); }
.bar.wrong > span { background: var(--wrong); }
td:has(.bar) { white-space: nowrap; }
.mistakes { padding-left: 1.5rem; }
.mistakes > li { margin-bottom: 1.25rem; }
.mistakes p { margin: 0.25rem 0; }
blockquote { margin: 0.4rem 0; padding-left: 0.8rem; border-left: 3px solid var(--border); }
.say { color: var(--muted); }
.say code, blockquote code { font-family: var(--vscode-editor-font-family, ui-monospace, monospace); }
footer { margin-top: 3rem; color: var(--muted); }
@media print { main { max-width: none; } .scroll { overflow: visible; } }
`;
