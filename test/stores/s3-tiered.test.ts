// A folder in front of a bucket: the conformance suite, and one warning when the bucket fails in mid run.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoizeFunction } from '../../runtime/memoize.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { s3Store } from '../../runtime/stores/s3.js'
import { tieredStore } from '../../runtime/stores/tiered.js'
import { listenToWarnings, type Warning } from '../../runtime/warnings.js'
import { BUCKET, startS3, useCredentials } from '../support/s3.js'
import { stampedFunction } from '../support/stamps.js'
import { conformance } from '../support/store-conformance.js'

useCredentials()
const server = await startS3()
const { endpoint } = server
const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-tiered-'))
test.after(async () => {
  rmSync(dir, { recursive: true, force: true })
  await server.stop()
})

const tiers = (name: string, timeoutMs?: number) =>
  tieredStore({
    local: fsStore({ dir: path.join(dir, name), durability: 'none' }),
    shared: s3Store({
      bucket: BUCKET,
      prefix: name,
      endpoint,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      rest: { after: 2, ms: 60_000 },
    }),
  })

conformance(() => tiers('conformance'))

for (const fault of [
  { kind: 'status', status: 503, code: 'SlowDown', times: 10_000 },
  { kind: 'hang', times: 10_000 },
  { kind: 'reset', times: 10_000 },
] as const)
  test(`a bucket that fails from now on (${fault.kind}) costs one warning, and no result twice`, async () => {
    const warnings: Warning[] = []
    const quiet = listenToWarnings((warning) => warnings.push(warning))
    const store = tiers(`fails-${fault.kind}`, 300)
    const runs: number[] = []
    const double = memoizeFunction(
      stampedFunction(async (n: number) => {
        runs.push(n)
        return 2 * n
      }, `double ${fault.kind}`),
      { store, strict: true },
    )
    try {
      await double(1)
      await server.faults(fault)
      for (const n of [1, 2, 3, 4, 5, 2, 3, 4, 5]) assert.is(await double(n), 2 * n)
      assert.equal(runs, [1, 2, 3, 4, 5])
      assert.is(warnings.length, 1)
      assert.match(warnings[0]!.message, /one of two tiers, s3:/)
      assert.is(warnings[0]!.code, 'MM3013')
    } finally {
      quiet()
      await server.faults()
      await store.close()
    }
  })

test.run()
