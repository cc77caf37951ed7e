// `mintmark cache` and its commands: what they take, what they print, how they end. The work is done in the files beside.

import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../../runtime/duration.js'
import { PLACE } from '../usage.js'
import { atDesk, type DeskFlags } from './desk.js'
import { type ListFlags, listEntries, showEntry } from './list.js'
import type { Problem } from './looks.js'
import { type RemoveFlags, removeEntries } from './remove.js'
import { type GcFlags, KINDS, reportGarbage, reportHealth, reportProblems, reportPush, reportWorth, type VerifyFlags } from './reports.js'
import { EXIT_BITS } from './verify.js'

const DAY = 86_400_000
const EXITS = '0 done, 2 usage or configuration, 3 trouble of the store, 130 interrupted'

export function addCache(program: Command): void {
  const cache = program.command('cache').description('look into a store, and keep it in order')
  const add = (name: string, description: string, exits = EXITS) =>
    cache
      .command(name)
      .description(description)
      .option('--store <place>', `${PLACE} (default: MINTMARK_STORE, else .mintmark)`)
      .option('--json', 'print JSON on standard output')
      .addHelpText('after', `\nExit codes: ${exits}.`)

  add('ls', 'list the entries: key, age, size with blobs, step; with --json one object a line')
    .argument('[prefix]', 'first digits of the keys', digits)
    .option('--step <text>', 'only of steps whose id holds this')
    .option('--limit <n>', 'at most so many', count)
    .action((prefix: string | undefined, flags: DeskFlags & ListFlags) =>
      atDesk(flags, (desk) => listEntries(desk, { ...flags, ...(prefix === undefined ? {} : { prefix }) })),
    )
  add('show', 'show an entry and its outputs, decoded', `0 shown, 1 it cannot be decoded, ${EXITS.slice('0 done, '.length)}`)
    .argument('<key>', 'a key, or its first digits')
    .option('--limit <n>', 'characters of each output (default: 2000)', count)
    .action((key: string, flags: DeskFlags & { limit?: number }) => atDesk(flags, (desk) => showEntry(desk, key, flags)))
  add('rm', 'remove entries')
    .argument('[keys...]', 'keys, or their first digits')
    .option('--step <text>', 'all of steps whose id holds this')
    .option('--older-than <age>', 'all that were written longer ago, as in 30d', duration)
    .option('--all', 'all that the store holds: entries, blobs, records of runs, claims')
    .option('--dry-run', 'remove nothing, and tell how much it would be')
    .option('--yes', 'ask nobody')
    .action((keys: string[], flags: DeskFlags & RemoveFlags) => atDesk(flags, (desk) => removeEntries(desk, keys, flags)))
  add('gc', 'remove what is too old or too much, and blobs that nothing refers to')
    .option('--max-age <age>', 'remove entries and runs that were written longer ago, as in 30d', duration)
    .option('--max-size <size>', 'keep the newest that fit into so much, as in 500MB or 5GB', size)
    .addOption(
      new Option('--grace <age>', 'leave blobs and claims younger than this; longer than your longest run')
        .argParser(duration)
        .default(DAY, '1d'),
    )
    .option('--dry-run', 'remove nothing, and tell what it would be')
    .option('--yes', 'ask nobody')
    .action((flags: DeskFlags & GcFlags) => atDesk(flags, (desk) => reportGarbage(desk, flags)))
  add(
    'push',
    'bring to the shared store what it did not get while it was away',
    `0 all is there, 1 it did not take some, ${EXITS.slice('0 done, '.length)}`,
  ).action((flags: DeskFlags) => atDesk(flags, reportPush))
  const bits = Object.entries(EXIT_BITS).map(([kind, bit]) => `${bit} ${KINDS[kind as Problem['kind']]}`)
  add('verify', 'read everything and digest it anew', `the sum of ${bits.join(', ')}; ${EXITS}`)
    .option('--trust <keys>', 'public keys with commas between: all is to be signed by one of them (default: MINTMARK_TRUST)')
    .addOption(new Option('--zone <zone>', 'the zone that it was signed for').default('', 'the one without a name'))
    .action((flags: DeskFlags & VerifyFlags) => atDesk(flags, (desk) => reportProblems(desk, flags)))
  add(
    'doctor',
    'try out whether a store does what it should',
    `0 all is well or nearly so, 1 something failed, ${EXITS.slice('0 done, '.length)}`,
  ).action((flags: DeskFlags) => atDesk(flags, reportHealth, false))
  add('stats', 'what the cache has been worth, and what it holds')
    .option('--since <age>', 'only what ended since, as in 7d', duration)
    .action((flags: DeskFlags & { since?: number }) => atDesk(flags, (desk) => reportWorth(desk, flags)))
}

function count(text: string): number {
  if (/^[1-9][0-9]*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It needs a whole number from 1.')
}

function digits(text: string): string {
  if (/^[0-9a-f]{1,64}$/i.test(text)) return text.toLowerCase()
  throw new InvalidArgumentError('It needs hex digits.')
}

function duration(text: string): number {
  try {
    return parseDuration(text)
  } catch {
    throw new InvalidArgumentError('It needs a count with ms, s, m, h, d or w, as in 30d.')
  }
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
}

function size(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text.trim()) ?? []
  const each = UNITS[unit.toUpperCase()]
  if (number !== undefined && each !== undefined) return Math.floor(Number(number) * each)
  throw new InvalidArgumentError('It needs a number with B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, as in 5GB.')
}
