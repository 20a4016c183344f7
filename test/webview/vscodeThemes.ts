/** How VS Code dresses a webview in one theme. */
export interface WebviewTheme {
  /** The class of `<body>`. */
  readonly bodyClass: string;
  /** The custom properties of `<html>`. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Read from webviews of VS Code 1.139 in its modern default themes and both of high contrast: the variables that
 * `src/webview/lesson.css` and VS Code's own webview styles use. What a theme does not set is absent here too.
 */
export const webviewThemes = {
  dark: {
    bodyClass: 'vscode-dark',
    variables: {
      '--text-link-decoration': 'none',
      '--vscode-button-background': '#0078d4',
      '--vscode-button-border': 'rgba(255, 255, 255, 0.1)',
      '--vscode-button-foreground': '#ffffff',
      '--vscode-button-hoverBackground': '#026ec1',
      '--vscode-button-secondaryBackground': 'rgba(0, 0, 0, 0)',
      '--vscode-button-secondaryBorder': 'rgba(204, 204, 204, 0.15)',
      '--vscode-button-secondaryForeground': '#cccccc',
      '--vscode-button-secondaryHoverBackground': '#2b2b2b',
      '--vscode-charts-blue': '#59a4f9',
      '--vscode-charts-green': '#89d185',
      '--vscode-charts-orange': '#d18616',
      '--vscode-charts-purple': '#b180d7',
      '--vscode-charts-red': '#f14c4c',
      '--vscode-charts-yellow': '#cca700',
      '--vscode-descriptionForeground': '#9d9d9d',
      '--vscode-dropdown-background': '#313131',
      '--vscode-dropdown-border': '#3c3c3c',
      '--vscode-dropdown-foreground': '#cccccc',
      '--vscode-editor-background': '#1f1f1f',
      '--vscode-editor-findMatchBackground': '#9e6a03',
      '--vscode-editor-findMatchHighlightBackground': 'rgba(234, 92, 0, 0.33)',
      '--vscode-editor-font-family': "'Droid Sans Mono', monospace",
      '--vscode-editor-font-size': '14px',
      '--vscode-editor-foreground': '#cccccc',
      '--vscode-editorHoverWidget-background': '#202020',
      '--vscode-editorHoverWidget-border': 'rgba(204, 204, 204, 0.2)',
      '--vscode-editorHoverWidget-foreground': '#cccccc',
      '--vscode-editorWidget-background': '#202020',
      '--vscode-focusBorder': '#0078d4',
      '--vscode-font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
      '--vscode-font-size': '13px',
      '--vscode-font-weight': 'normal',
      '--vscode-input-background': '#313131',
      '--vscode-input-border': '#3c3c3c',
      '--vscode-input-foreground': '#cccccc',
      '--vscode-inputValidation-errorBorder': '#be1100',
      '--vscode-inputValidation-warningBackground': '#352a05',
      '--vscode-inputValidation-warningBorder': '#b89500',
      '--vscode-keybindingLabel-background': 'rgba(128, 128, 128, 0.17)',
      '--vscode-keybindingLabel-border': 'rgba(51, 51, 51, 0.6)',
      '--vscode-keybindingLabel-bottomBorder': 'rgba(68, 68, 68, 0.6)',
      '--vscode-keybindingLabel-foreground': '#cccccc',
      '--vscode-progressBar-background': '#0078d4',
      '--vscode-scrollbarSlider-activeBackground': 'rgba(191, 191, 191, 0.4)',
      '--vscode-scrollbarSlider-background': 'rgba(121, 121, 121, 0.4)',
      '--vscode-scrollbarSlider-hoverBackground': 'rgba(100, 100, 100, 0.7)',
      '--vscode-textBlockQuote-background': '#2b2b2b',
      '--vscode-textBlockQuote-border': '#616161',
      '--vscode-textCodeBlock-background': '#2b2b2b',
      '--vscode-textLink-activeForeground': '#4daafc',
      '--vscode-textLink-foreground': '#4daafc',
      '--vscode-textPreformat-background': '#3c3c3c',
      '--vscode-textPreformat-foreground': '#d0d0d0',
      '--vscode-toolbar-hoverBackground': 'rgba(90, 93, 94, 0.31)',
      '--vscode-widget-border': '#313131',
      '--vscode-widget-shadow': 'rgba(0, 0, 0, 0.36)',
    },
  },
  light: {
    bodyClass: 'vscode-light',
    variables: {
      '--text-link-decoration': 'none',
      '--vscode-button-background': '#005fb8',
      '--vscode-button-border': 'rgba(0, 0, 0, 0.1)',
      '--vscode-button-foreground': '#ffffff',
      '--vscode-button-hoverBackground': '#0258a8',
      '--vscode-button-secondaryBackground': '#e5e5e5',
      '--vscode-button-secondaryBorder': 'rgba(59, 59, 59, 0.15)',
      '--vscode-button-secondaryForeground': '#3b3b3b',
      '--vscode-button-secondaryHoverBackground': '#cccccc',
      '--vscode-charts-blue': '#0063d3',
      '--vscode-charts-green': '#388a34',
      '--vscode-charts-orange': '#d18616',
      '--vscode-charts-purple': '#652d90',
      '--vscode-charts-red': '#e51400',
      '--vscode-charts-yellow': '#bf8803',
      '--vscode-descriptionForeground': '#3b3b3b',
      '--vscode-dropdown-background': '#ffffff',
      '--vscode-dropdown-border': '#cecece',
      '--vscode-dropdown-foreground': '#3b3b3b',
      '--vscode-editor-background': '#ffffff',
      '--vscode-editor-findMatchBackground': '#a8ac94',
      '--vscode-editor-findMatchHighlightBackground': 'rgba(234, 92, 0, 0.33)',
      '--vscode-editor-font-family': "'Droid Sans Mono', monospace",
      '--vscode-editor-font-size': '14px',
      '--vscode-editor-foreground': '#3b3b3b',
      '--vscode-editorHoverWidget-background': '#f8f8f8',
      '--vscode-editorHoverWidget-border': 'rgba(59, 59, 59, 0.2)',
      '--vscode-editorHoverWidget-foreground': '#3b3b3b',
      '--vscode-editorWidget-background': '#f8f8f8',
      '--vscode-focusBorder': '#005fb8',
      '--vscode-font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
      '--vscode-font-size': '13px',
      '--vscode-font-weight': 'normal',
      '--vscode-input-background': '#ffffff',
      '--vscode-input-border': '#cecece',
      '--vscode-input-foreground': '#3b3b3b',
      '--vscode-inputValidation-errorBorder': '#be1100',
      '--vscode-inputValidation-warningBackground': '#f6f5d2',
      '--vscode-inputValidation-warningBorder': '#b89500',
      '--vscode-keybindingLabel-background': 'rgba(221, 221, 221, 0.4)',
      '--vscode-keybindingLabel-border': 'rgba(204, 204, 204, 0.4)',
      '--vscode-keybindingLabel-bottomBorder': 'rgba(187, 187, 187, 0.4)',
      '--vscode-keybindingLabel-foreground': '#3b3b3b',
      '--vscode-progressBar-background': '#005fb8',
      '--vscode-scrollbarSlider-activeBackground': 'rgba(0, 0, 0, 0.6)',
      '--vscode-scrollbarSlider-background': 'rgba(100, 100, 100, 0.4)',
      '--vscode-scrollbarSlider-hoverBackground': 'rgba(100, 100, 100, 0.7)',
      '--vscode-textBlockQuote-background': '#f8f8f8',
      '--vscode-textBlockQuote-border': '#e5e5e5',
      '--vscode-textCodeBlock-background': '#f8f8f8',
      '--vscode-textLink-activeForeground': '#005fb8',
      '--vscode-textLink-foreground': '#005fb8',
      '--vscode-textPreformat-background': 'rgba(0, 0, 0, 0.12)',
      '--vscode-textPreformat-foreground': '#3b3b3b',
      '--vscode-toolbar-hoverBackground': 'rgba(184, 184, 184, 0.31)',
      '--vscode-widget-border': '#e5e5e5',
      '--vscode-widget-shadow': 'rgba(0, 0, 0, 0.16)',
    },
  },
  highContrastDark: {
    bodyClass: 'vscode-high-contrast',
    variables: {
      '--text-link-decoration': 'none',
      '--vscode-button-background': '#000000',
      '--vscode-button-border': '#6fc3df',
      '--vscode-button-foreground': '#ffffff',
      '--vscode-button-hoverBackground': '#000000',
      '--vscode-button-secondaryBorder': '#6fc3df',
      '--vscode-button-secondaryForeground': '#ffffff',
      '--vscode-charts-blue': '#59a4f9',
      '--vscode-charts-green': '#89d185',
      '--vscode-charts-orange': '#ab5a00',
      '--vscode-charts-purple': '#b180d7',
      '--vscode-charts-red': '#f48771',
      '--vscode-charts-yellow': '#ffd370',
      '--vscode-contrastActiveBorder': '#f38518',
      '--vscode-contrastBorder': '#6fc3df',
      '--vscode-descriptionForeground': 'rgba(255, 255, 255, 0.7)',
      '--vscode-dropdown-background': '#000000',
      '--vscode-dropdown-border': '#6fc3df',
      '--vscode-dropdown-foreground': '#ffffff',
      '--vscode-editor-background': '#000000',
      '--vscode-editor-font-family': "'Droid Sans Mono', monospace",
      '--vscode-editor-font-size': '14px',
      '--vscode-editor-foreground': '#ffffff',
      '--vscode-editorHoverWidget-background': '#0c141f',
      '--vscode-editorHoverWidget-border': '#6fc3df',
      '--vscode-editorHoverWidget-foreground': '#ffffff',
      '--vscode-editorWidget-background': '#0c141f',
      '--vscode-focusBorder': '#f38518',
      '--vscode-font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
      '--vscode-font-size': '13px',
      '--vscode-font-weight': 'normal',
      '--vscode-input-background': '#000000',
      '--vscode-input-border': '#6fc3df',
      '--vscode-input-foreground': '#ffffff',
      '--vscode-inputValidation-errorBorder': '#6fc3df',
      '--vscode-inputValidation-warningBackground': '#000000',
      '--vscode-inputValidation-warningBorder': '#6fc3df',
      '--vscode-keybindingLabel-background': 'rgba(0, 0, 0, 0)',
      '--vscode-keybindingLabel-border': '#6fc3df',
      '--vscode-keybindingLabel-bottomBorder': '#6fc3df',
      '--vscode-keybindingLabel-foreground': '#ffffff',
      '--vscode-progressBar-background': '#6fc3df',
      '--vscode-scrollbarSlider-activeBackground': '#6fc3df',
      '--vscode-scrollbarSlider-background': 'rgba(111, 195, 223, 0.6)',
      '--vscode-scrollbarSlider-hoverBackground': 'rgba(111, 195, 223, 0.8)',
      '--vscode-textBlockQuote-border': '#ffffff',
      '--vscode-textCodeBlock-background': '#000000',
      '--vscode-textLink-activeForeground': '#21a6ff',
      '--vscode-textLink-foreground': '#21a6ff',
      '--vscode-textPreformat-foreground': '#ffffff',
      '--vscode-widget-border': '#6fc3df',
    },
  },
  highContrastLight: {
    bodyClass: 'vscode-high-contrast-light vscode-high-contrast',
    variables: {
      '--text-link-decoration': 'none',
      '--vscode-button-background': '#0f4a85',
      '--vscode-button-border': '#0f4a85',
      '--vscode-button-foreground': '#ffffff',
      '--vscode-button-hoverBackground': '#0f4a85',
      '--vscode-button-secondaryBackground': '#ffffff',
      '--vscode-button-secondaryBorder': '#0f4a85',
      '--vscode-button-secondaryForeground': '#292929',
      '--vscode-charts-blue': '#0063d3',
      '--vscode-charts-green': '#374e06',
      '--vscode-charts-orange': '#0f4a85',
      '--vscode-charts-purple': '#652d90',
      '--vscode-charts-red': '#b5200d',
      '--vscode-charts-yellow': '#895503',
      '--vscode-contrastActiveBorder': '#006bbd',
      '--vscode-contrastBorder': '#0f4a85',
      '--vscode-descriptionForeground': 'rgba(41, 41, 41, 0.7)',
      '--vscode-dropdown-background': '#ffffff',
      '--vscode-dropdown-border': '#0f4a85',
      '--vscode-dropdown-foreground': '#292929',
      '--vscode-editor-background': '#ffffff',
      '--vscode-editor-font-family': "'Droid Sans Mono', monospace",
      '--vscode-editor-font-size': '14px',
      '--vscode-editor-foreground': '#292929',
      '--vscode-editorHoverWidget-background': '#ffffff',
      '--vscode-editorHoverWidget-border': '#0f4a85',
      '--vscode-editorHoverWidget-foreground': '#292929',
      '--vscode-editorWidget-background': '#ffffff',
      '--vscode-focusBorder': '#006bbd',
      '--vscode-font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
      '--vscode-font-size': '13px',
      '--vscode-font-weight': 'normal',
      '--vscode-input-background': '#ffffff',
      '--vscode-input-border': '#0f4a85',
      '--vscode-input-foreground': '#292929',
      '--vscode-inputValidation-errorBorder': '#0f4a85',
      '--vscode-inputValidation-warningBackground': '#ffffff',
      '--vscode-inputValidation-warningBorder': '#0f4a85',
      '--vscode-inputValidation-warningForeground': '#292929',
      '--vscode-keybindingLabel-background': 'rgba(0, 0, 0, 0)',
      '--vscode-keybindingLabel-border': '#0f4a85',
      '--vscode-keybindingLabel-bottomBorder': '#292929',
      '--vscode-keybindingLabel-foreground': '#292929',
      '--vscode-progressBar-background': '#0f4a85',
      '--vscode-scrollbarSlider-activeBackground': '#0f4a85',
      '--vscode-scrollbarSlider-background': 'rgba(15, 74, 133, 0.4)',
      '--vscode-scrollbarSlider-hoverBackground': 'rgba(15, 74, 133, 0.8)',
      '--vscode-textBlockQuote-background': '#f2f2f2',
      '--vscode-textBlockQuote-border': '#292929',
      '--vscode-textCodeBlock-background': '#f2f2f2',
      '--vscode-textLink-activeForeground': '#0f4a85',
      '--vscode-textLink-foreground': '#0f4a85',
      '--vscode-textPreformat-background': '#09345f',
      '--vscode-textPreformat-foreground': '#ffffff',
      '--vscode-widget-border': '#0f4a85',
    },
  },
} as const satisfies Readonly<Record<string, WebviewTheme>>;

/** The style sheet that VS Code puts into every webview. */
export const webviewStyles = `
@layer vscode-default {
html {
scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background);
}

body {
overscroll-behavior-x: none;
background-color: transparent;
color: var(--vscode-editor-foreground);
font-family: var(--vscode-font-family);
font-weight: var(--vscode-font-weight);
font-size: var(--vscode-font-size);
margin: 0;
padding: 0 20px;
}

img, video {
max-width: 100%;
max-height: 100%;
}

a, a code {
color: var(--vscode-textLink-foreground);
}

p > a {
text-decoration: var(--text-link-decoration);
}

a:hover {
color: var(--vscode-textLink-activeForeground);
}

a:focus,
input:focus,
select:focus,
textarea:focus {
outline: 1px solid -webkit-focus-ring-color;
outline-offset: -1px;
}

code {
font-family: var(--monaco-monospace-font);
color: var(--vscode-textPreformat-foreground);
background-color: var(--vscode-textPreformat-background);
padding: 1px 3px;
border-radius: 4px;
}

pre code {
padding: 0;
}

blockquote {
background: var(--vscode-textBlockQuote-background);
border-color: var(--vscode-textBlockQuote-border);
}

kbd {
background-color: var(--vscode-keybindingLabel-background);
color: var(--vscode-keybindingLabel-foreground);
border-style: solid;
border-width: 1px;
border-radius: 3px;
border-color: var(--vscode-keybindingLabel-border);
border-bottom-color: var(--vscode-keybindingLabel-bottomBorder);
box-shadow: inset 0 -1px 0 var(--vscode-widget-shadow);
vertical-align: middle;
padding: 1px 3px;
}

::-webkit-scrollbar {
width: 10px;
height: 10px;
}

::-webkit-scrollbar-corner {
background-color: var(--vscode-editor-background);
}

::-webkit-scrollbar-thumb {
background-color: var(--vscode-scrollbarSlider-background);
}
::-webkit-scrollbar-thumb:hover {
background-color: var(--vscode-scrollbarSlider-hoverBackground);
}
::-webkit-scrollbar-thumb:active {
background-color: var(--vscode-scrollbarSlider-activeBackground);
}
::highlight(find-highlight) {
background-color: var(--vscode-editor-findMatchHighlightBackground);
}
::highlight(current-find-highlight) {
background-color: var(--vscode-editor-findMatchBackground);
}
}
`;
