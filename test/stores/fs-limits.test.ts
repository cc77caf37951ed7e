// The store in a folder at the limits of the system: no more files to open, no right to write.

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fsStore } from '../../runtime/stores/fs.js'
import { PAYLOADS, PUT_ID, PUTTER } from '../support/fs-putter.js'
import { same } from '../support/store-conformance.js'

const top = mkdtempSync(join(tmpdir(), 'mintmark-limits-'))
test.after(() => {
  for (const name of ['', 'v1', 'v1/runs', 'v1/tmp'])
    if (existsSync(join(top, 'readonly', name))) chmodSync(join(top, 'readonly', name), 0o700)
  rmSync(top, { recursive: true, force: true })
})

function answers(command: string, args: readonly string[], options: object = {}): string[] {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000, input: 'x', ...options })
  assert.is(status, 0, stderr)
  const lines = stdout.trim().split('\n')
  assert.is(lines[0], 'ready')
  return lines.slice(1)
}

if (process.platform !== 'win32') {
  test('with no more files to open a get and a put say so, and the next ones work', async () => {
    const dir = join(top, 'files')
    const store = fsStore({ dir })
    await store.put('entries', PUT_ID, Buffer.from('the first'))
    const limited = `ulimit -n 100; exec "$0" "$@"`
    const [told] = answers('sh', ['-c', limited, process.execPath, PUTTER, 'limits', dir, 'entries', 'small', 'replace'])
    const [get, put, ...after] = JSON.parse(told!) as string[]
    assert.match(get!, /^MintmarkError: MM3002 cannot read .*: EMFILE\. .*ulimit -n/)
    assert.match(put!, /^MintmarkError: MM3002 cannot write .*: EMFILE\. .*ulimit -n/)
    assert.equal(after, ['9 bytes', 'true'])
    same(await store.get('entries', PUT_ID), PAYLOADS.small!)
    assert.equal(readdirSync(join(dir, 'v1/tmp')), [])
  })

  if (process.platform === 'linux')
    test('where the system makes no folders a put says so at once', () => {
      const program = `import { fsStore } from ${JSON.stringify(new URL('../../runtime/stores/fs.js', import.meta.url).href)}
await fsStore({ dir: '/proc/none/store' }).put('entries', ${JSON.stringify(PUT_ID)}, Buffer.from('x')).catch((error) => console.log(error.message))`
      const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', timeout: 20_000 })
      assert.is(status, 0)
      assert.match(stdout, /^MM3002 cannot write `\/proc\/none\/store\/.*: ENOENT/)
    })

  // Root may write wherever it likes, so it becomes nobody.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const able = spawnSync(process.execPath, ['--check', PUTTER], nobody).status === 0
  if (!able) console.log('skipped: nobody may not read this build, so it cannot be run without the rights of root')
  const maybe = able ? test : test.skip
  maybe('in a folder that is read-only a put says so, and changes nothing', async () => {
    const dir = join(top, 'readonly')
    const store = fsStore({ dir })
    await store.put('runs', 'other', Buffer.from('kept'))
    for (const name of ['', ...readdirSync(dir, { recursive: true, encoding: 'utf8' })]) chmodSync(join(dir, name), 0o555)
    chmodSync(top, 0o755)
    const before = readdirSync(dir, { recursive: true })
    const [put] = answers(process.execPath, [PUTTER, 'put', dir, 'entries', 'small'], nobody)
    assert.match(put!, /^MintmarkError: MM3002 cannot write .*: EACCES\. Give this user the right/)
    assert.equal(readdirSync(dir, { recursive: true }), before)
    same(await store.get('runs', 'other'), Buffer.from('kept'))
  })
}

test.run()
