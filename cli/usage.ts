// How the command lines refuse what they are not made for.

import type { Command, OutputConfiguration } from 'commander'

/** What `--store` takes. */
export const PLACE = 'a folder, s3://bucket/prefix, or both as folder+s3://bucket/prefix'

/** Commander's own words, under our code. */
export const USAGE_ERRORS: OutputConfiguration = {
  outputError: (text, write) => write(text.replace(/^error: /, 'MM5017 ')),
}

/** Each command says where it tells more of itself. */
export function pointToHelp(command: Command, name = command.name()): void {
  command.showHelpAfterError(`(${name} --help tells more)`)
  for (const each of command.commands) pointToHelp(each, `${name} ${each.name()}`)
}
