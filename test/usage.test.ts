// The scripts of developers tell how they are used.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

for (const script of ['mutation/run.js', 'matrix.js'])
  test(`${script} tells how it is used when it is asked, and when it is given what it does not know`, () => {
    const file = fileURLToPath(new URL(script, import.meta.url))
    const [asked, wrong] = [['--help'], ['--bogus']].map((args) => spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' }))
    assert.match(asked!.stdout, /^Usage: npm run test:/)
    assert.is(asked!.status, 0)
    assert.match(wrong!.stderr, /^error: unknown option '--bogus'\n\nUsage: npm run test:/)
    assert.is(wrong!.status, 2)
  })

test.run()
