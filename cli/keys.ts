// `mintmark keys`: the keys with which writers sign what they put into a store. Only public halves are ever printed.

import type { Command } from 'commander'
import { MintmarkError } from '../runtime/errors.js'
import { makeKeyFile, publicWord, readPrivateKey } from '../runtime/stores/keys.js'

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('make and show the keys with which results are signed')
  keys
    .command('new')
    .description('make a private Ed25519 key in a new file that only you can read, and print the public key')
    .argument('<file>', 'where the private key goes, as PEM with mode 0600')
    .option('--json', 'print {"file", "public"} on standard output')
    .action((file: string, { json }: { json?: boolean }) => print({ file, public: makeKeyFile(file) }, json))
  keys
    .command('show')
    .description('print the public key that belongs to a private one')
    .argument('[file]', 'the private key (default: MINTMARK_SIGNING_KEY)')
    .option('--json', 'print {"public"} on standard output')
    .action((file: string | undefined, { json }: { json?: boolean }) => print({ public: publicOf(file) }, json))
}

function publicOf(file: string | undefined): string {
  if (file !== undefined) return publicWord(readPrivateKey(file, `\`${file}\``))
  const given = process.env.MINTMARK_SIGNING_KEY
  if (given) return publicWord(readPrivateKey(given, 'MINTMARK_SIGNING_KEY'))
  throw new MintmarkError('MM5040', 'no key is named. Give a file, or set MINTMARK_SIGNING_KEY.')
}

function print(told: { readonly public: string; readonly file?: string }, json: boolean | undefined): void {
  process.stdout.write(json ? `${JSON.stringify(told)}\n` : `${told.public}\n`)
}
