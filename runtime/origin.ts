// Which run is resumed.

import { MintmarkError } from './errors.js'
import { isAlive, listRuns, type RunRecord, readRun } from './journal.js'
import type { Store } from './store.js'

/** The run with this id, or with `true` the last one, if it failed or was interrupted. Errors: MM5015. */
export async function findOrigin(store: Store, flow: string, wanted: string | true): Promise<RunRecord> {
  if (typeof wanted === 'string') {
    const run = await readRun(store, flow, wanted)
    if (run !== undefined) return run
    throw new MintmarkError(
      'MM5015',
      `${flow} has no run \`${wanted}\` in ${store.name}. Give the id that \`run\` printed, or none for the last run that failed.`,
    )
  }
  for (const id of (await listRuns(store, flow)).reverse()) {
    const run = await readRun(store, flow, id)
    if (run !== undefined && run.status !== 'done' && !isAlive(run)) return run
  }
  throw new MintmarkError('MM5015', `${flow} has no run in ${store.name} that failed or was interrupted. Start one with \`run\`.`)
}
