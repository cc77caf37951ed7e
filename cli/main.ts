#!/usr/bin/env node
// The `mintmark` command.

import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { addCache } from './cache/command.js'
import { checkProject } from './check.js'
import { printFingerprints } from './fingerprint.js'
import { addKeys } from './keys.js'
import { onReaderGone } from './reader.js'
import { runFile } from './run.js'
import { pointToHelp, USAGE_ERRORS } from './usage.js'
import { verifyBuild } from './verify-build.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

const hearOthers = onReaderGone(() => process.exit())
const program = new Command('mintmark')
  .description('Memoize expensive workflow steps across runs.')
  .version(version)
  .exitOverride()
  .enablePositionalOptions()
  .configureOutput(USAGE_ERRORS)

program
  .command('fingerprint')
  .description('print the fingerprint of every export and every step of the files')
  .argument('<files...>', 'source files; - reads their paths from standard input, one a line')
  .option('-p, --project <tsconfig>', 'the tsconfig.json for all files (default: the nearest one of each)')
  .option('--json', 'print {"file#export": "fingerprint"} on standard output')
  .action(printFingerprints)

program
  .command('check')
  .description('list what the steps of a project reach that their fingerprints cannot speak for')
  .argument('[files...]', 'source files (default: all of the tsconfig)')
  .option('-p, --project <tsconfig>', 'a tsconfig.json or its folder', '.')
  .option('--json', 'print a list of {code, step, file, line, column, path, message} on standard output')
  .addHelpText('after', '\nExit codes: 0 nothing to tell, 1 something to tell, 2 usage or configuration.')
  .action(checkProject)

program
  .command('verify-build')
  .description('compare every stamp in the output with the sources, without building')
  .argument('[outDirs...]', 'folders of emitted JavaScript, bundles too (default: every outDir of the tsconfig and of what it references)')
  .option('-p, --project <tsconfig>', 'a tsconfig.json or its folder', '.')
  .option('--json', 'print a list of {kind, step, file, line, changed} on standard output')
  .addHelpText('after', '\nExit codes: 0 all stamps are right, 1 some are not, 2 usage or configuration.')
  .action(verifyBuild)

addCache(program)
addKeys(program)
program
  .command('run')
  .description('run a program in TypeScript, such as a flow, without a build; its steps are stamped as it is loaded')
  .argument('<file>', 'the program')
  .argument('[args...]', 'what it is given, such as: run --max-workers 4')
  .passThroughOptions()
  .addHelpText('after', '\nExit codes: those of the program; 2 usage or configuration.')
  .action((file: string, args: readonly string[]) => {
    // From here on the streams are the program's.
    hearOthers()
    return runFile(file, args)
  })
pointToHelp(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof Error && /^MM\d{4} /.test(error.message)) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = error.message.startsWith('MM3') ? 3 : 2
  } else throw error
}
