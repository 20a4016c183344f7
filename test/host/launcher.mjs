#!/usr/bin/env node
// The executable that @vscode/test-electron's runTests starts where there is no desktop VS Code: the VS Code server and
// Chromium. It takes the desktop's arguments that tests use, and exits with 0 only when the tests passed.
import { tsImport } from 'tsx/esm/api';

await tsImport('./launch.ts', import.meta.url);
