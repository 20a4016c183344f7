import { spawnSync } from 'node:child_process';

/** Whether a program that a test compares with is installed here. */
export const isInstalled = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
