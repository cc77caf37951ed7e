// How the scripts of developers read their command line: `--help` tells how they are used, and what they do not know ends with exit code 2.

import { Command, InvalidArgumentError } from 'commander'

export function openCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .showHelpAfterError()
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
}

export function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It needs a whole number from 1.')
}
