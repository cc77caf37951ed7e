// What `gc`, `verify`, `doctor` and `stats` tell of their work, for people and as JSON.

import colors from 'picocolors'
import { MintmarkError } from '../../runtime/errors.js'
import { wordsOf } from '../../runtime/settings.js'
import { ROOMS } from '../../runtime/store.js'
import type { TieredStore } from '../../runtime/stores/tiered.js'
import type { Desk } from './desk.js'
import { examine, type Finding } from './doctor.js'
import { collectGarbage, type GcReport, type Removed } from './gc.js'
import type { Problem } from './looks.js'
import { gatherStats, type Worth } from './stats.js'
import { ageText, columns, countText, harmlessLine, jsonText, sizeText } from './text.js'
import { EXIT_BITS, verifyStore } from './verify.js'

export interface GcFlags {
  readonly maxAge?: number
  readonly maxSize?: number
  readonly grace: number
  readonly dryRun?: boolean
}

export async function reportGarbage(desk: Desk, { maxAge, maxSize, grace, dryRun = false }: GcFlags): Promise<void> {
  const { store, folder, json, print, say, progress } = desk
  const limits = [
    maxAge === undefined ? '' : `entries and runs older than ${ageText(maxAge)}`,
    maxSize === undefined ? '' : `the oldest entries beyond ${sizeText(maxSize)}`,
    `blobs that nothing refers to, older than ${ageText(grace)},`,
  ]
  const question = `remove ${limits.filter((limit) => limit !== '').join(' and ')} from ${store.name}?`
  if (!dryRun && !(await desk.agreed(question))) return
  const report = await collectGarbage(store, {
    folder,
    maxAgeMs: maxAge,
    maxBytes: maxSize,
    graceMs: grace,
    dryRun,
    now: Date.now(),
    progress,
  })
  if (json) return print(`${jsonText({ dryRun, ...report })}\n`)
  const row = (name: string, { removed, bytes, kept }: Removed) => [name, String(removed), sizeText(bytes), String(kept)]
  const head = ['', dryRun ? 'would go' : 'removed', 'bytes', 'kept']
  const rooms = (['entries', 'blobs', 'runs', 'claims'] as const).map((room) => row(room, report[room]))
  await print(columns([head, ...rooms], [1, 2, 3]))
  if (report.newer > 0) say(heldBack(report))
}

function heldBack({ newer }: GcReport): string {
  return `${countText(newer, 'entry')} of a later version of mintmark: which blobs they need cannot be told, so none was removed. Run gc of that version.`
}

/** MM5047 unless the store is one in front of another. */
export async function reportPush({ store, json, print, say }: Desk): Promise<void> {
  if (!('flush' in store))
    throw new MintmarkError(
      'MM5047',
      `nothing lies behind ${store.name}. Name a folder and a bucket: \`--store .mintmark+s3://bucket/prefix\`.`,
    )
  const { written, failed } = await (store as TieredStore).flush()
  if (failed > 0) process.exitCode = 1
  if (json) await print(`${jsonText({ written, failed })}\n`)
  say(`${countText(written, 'record')} brought to the shared store${failed > 0 ? '; it did not take the others, which stay noted' : ''}`)
}

export interface VerifyFlags {
  readonly trust?: string
  readonly zone: string
}

export const KINDS: Readonly<Record<Problem['kind'], string>> = {
  record: 'a damaged entry or record',
  blob: 'a damaged blob',
  missing: 'an entry whose blob is missing',
  untrusted: 'something not signed by a trusted writer',
}

export async function reportProblems({ store, folder, json, print, say, progress }: Desk, { trust, zone }: VerifyFlags): Promise<void> {
  const problems: Problem[] = []
  let bits = 0
  const verified = await verifyStore(store, {
    trust: wordsOf(trust ?? process.env.MINTMARK_TRUST ?? ''),
    zone,
    folder,
    progress,
    async onProblem(problem) {
      bits |= EXIT_BITS[problem.kind]
      if (json) problems.push(problem)
      else await print(`${problem.room}/${harmlessLine(problem.id)}: ${harmlessLine(problem.what)}\n`)
    },
  })
  if (json) await print(`${jsonText({ ...verified, problems })}\n`)
  const { entries, blobs, records, foreign } = verified
  const foreigners = foreign === 0 ? '' : `; ${countText(foreign, 'entry')} of another version left alone`
  say(`read ${countText(entries, 'entry')}, ${countText(blobs, 'blob')}, ${countText(records, 'record')} of runs${foreigners}`)
  const kinds = Object.entries(EXIT_BITS).flatMap(([kind, bit]) => ((bits & bit) === 0 ? [] : [KINDS[kind as Problem['kind']]]))
  say(kinds.length === 0 ? 'all is well' : `there is ${kinds.join(', and ')}; each is a miss, and the next result takes its place`)
  process.exitCode = bits
}

export async function reportHealth({ store, folder, json, print }: Desk): Promise<void> {
  const findings = await examine(store, folder)
  if (findings.some(({ status }) => status === 'failed')) process.exitCode = 1
  if (json) return print(`${jsonText({ store: store.name, findings })}\n`)
  const paint = colors.createColors(process.stdout.isTTY === true && !process.env.NO_COLOR)
  const marks: Readonly<Record<Finding['status'], string>> = {
    ok: paint.green('ok     '),
    warning: paint.yellow('warning'),
    failed: paint.red('failed '),
  }
  await print(`${store.name}\n`)
  const width = Math.max(...findings.map(({ check }) => check.length))
  for (const { check, status, what } of findings) await print(`${marks[status]}  ${check.padEnd(width)}  ${harmlessLine(what)}\n`)
}

export async function reportWorth({ store, json, print, progress }: Desk, { since }: { readonly since?: number }): Promise<void> {
  const stats = await gatherStats(store, { since: since === undefined ? 0 : Date.now() - since, progress })
  if (json) return print(`${jsonText({ store: store.name, ...stats })}\n`)
  const row = (name: string, worth: Worth) => {
    const { runs, executed, hits, resumed, failed, savedMs, misses } = worth
    const why = Object.entries(misses).map(([reason, count]) => `${count} ${harmlessLine(reason)}`)
    return [harmlessLine(name), ...[runs, hits, executed, resumed, failed].map(String), ageText(savedMs), why.join(', ')]
  }
  const rows = [...Object.entries(stats.flows), ...Object.entries(stats.functions)].map(([name, worth]) => row(name, worth))
  if (rows.length > 0)
    await print(`${columns([['', 'runs', 'hits', 'executed', 'resumed', 'failed', 'saved', 'misses'], ...rows], [1, 2, 3, 4, 5, 6])}\n`)
  await print(
    columns(
      [['', 'files', 'bytes'], ...ROOMS.map((room) => [room, String(stats.rooms[room].count), sizeText(stats.rooms[room].bytes)])],
      [1, 2],
    ),
  )
}
