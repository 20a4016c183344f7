import { scenarios } from '../engine/scenarios.ts';
import { serveFigures } from './figure/serveFigures.ts';

serveFigures(scenarios);
