import { again } from './notebooks/again';
import { awaits } from './notebooks/awaits';
import { classes } from './notebooks/classes';
import { closures } from './notebooks/closures';
import { collections } from './notebooks/collections';
import { declarations } from './notebooks/declarations';
import { failures } from './notebooks/failures';
import { foreign } from './notebooks/foreign';
import { functions } from './notebooks/functions';
import { imports } from './notebooks/imports';
import { language } from './notebooks/language';
import { live } from './notebooks/live';
import { node } from './notebooks/node';
import type { Notebooks } from './notebooks/notebook';
import { own } from './notebooks/own';
import { places } from './notebooks/places';
import { trials } from './notebooks/trials';
import { types } from './notebooks/types';

/** All of them, which one kernel runs one after the other. */
export const notebooks: Notebooks = {
  ...again,
  ...awaits,
  ...closures,
  ...declarations,
  ...types,
  ...classes,
  ...imports,
  ...live,
  ...own,
  ...failures,
  ...functions,
  ...collections,
  ...language,
  ...places,
  ...node,
  ...foreign,
  // The last of these take the names of Object, Map and process.
  ...trials,
};
