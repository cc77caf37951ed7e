// How the command lines refuse what they are not made for.

import type { OutputConfiguration } from 'commander'

/** Commander's own words, under our code. */
export const USAGE_ERRORS: OutputConfiguration = {
  outputError: (text, write) => write(text.replace(/^error: /, 'MM5017 ')),
}
