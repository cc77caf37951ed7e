// `mintmark cache rm`: takes entries out of a store by their keys, by step, by age, or all that there is.

import { MintmarkError } from '../../runtime/errors.js'
import { ROOMS, type Store } from '../../runtime/store.js'
import { ahead, type Desk } from './desk.js'
import { keyOf, seeEntry } from './records.js'
import { countText, jsonText } from './text.js'

export interface RemoveFlags {
  readonly step?: string
  readonly olderThan?: number
  readonly all?: boolean
  readonly dryRun?: boolean
}

/** Entries only; their blobs are left to `gc`. With `--all` every room. */
export async function removeEntries(desk: Desk, prefixes: readonly string[], { step, olderThan, all, dryRun }: RemoveFlags): Promise<void> {
  const { store, json, print, say, progress } = desk
  const isChosen = step !== undefined || olderThan !== undefined
  if ([prefixes.length > 0, isChosen, all].filter(Boolean).length !== 1)
    throw new MintmarkError('MM5042', 'say what to remove: keys, or `--step` and `--older-than`, or `--all`; one of the three.')
  const keys = []
  for (const prefix of prefixes) keys.push(await keyOf(store, prefix))
  const chosen = keys.length > 0 ? keys : matching(store, step, olderThan)
  const what = keys.length > 0 ? countText(keys.length, 'entry') : all ? 'everything' : 'the entries that match'
  if (!dryRun && !(await desk.agreed(`remove ${what} from ${store.name}?`))) return
  let removed = 0
  const remove = async (work: () => Promise<void>) => {
    if (!dryRun) await work()
    progress(`${++removed} removed`)
  }
  if (all) {
    for (const room of ROOMS) for await (const _ of ahead(store.list(room), ({ id }) => remove(() => store.delete(room, id))));
  } else for await (const _ of ahead(chosen, (id) => remove(() => store.delete('entries', id))));
  if (json) await print(`${jsonText({ removed, dryRun: dryRun === true })}\n`)
  say(`${countText(removed, all ? 'file' : 'entry')} ${dryRun ? 'would be removed' : 'removed'}`)
  if (!all && removed > 0) say('`mintmark cache gc` removes the blobs that only they referred to')
}

async function* matching(store: Store, step: string | undefined, olderThan: number | undefined): AsyncGenerator<string> {
  const before = olderThan === undefined ? Infinity : Date.now() - olderThan
  for await (const seen of ahead(store.list('entries'), async ({ id, modified }) => {
    if (step === undefined) return modified < before ? id : undefined
    const found = await seeEntry(store, id)
    return found.kind === 'entry' && found.entry.step.includes(step) && found.entry.createdAt < before ? id : undefined
  }))
    if (seen !== undefined) yield seen
}
