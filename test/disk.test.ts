// What TypeScript is told of the disk is what its own system tells.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type typescript from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDisk } from '../transformer/disk.js'
import { systemOf } from '../transformer/system.js'

const require = createRequire(import.meta.url)

function withPlaces(run: (dir: string, places: readonly string[]) => void): void {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'mintmark-')))
  const at = (name: string): string => path.join(dir, name)
  const wide = Buffer.from('\uFEFF{ "wide": 1 }', 'utf16le')
  try {
    for (const folder of ['src/deep', 'src/node_modules/dep', 'other']) mkdirSync(at(folder), { recursive: true })
    for (const file of ['src/a.ts', 'src/b.tsx', 'src/deep/c.ts', 'src/deep/d.json', 'src/node_modules/dep/index.ts', 'other/e.ts'])
      writeFileSync(at(file), file)
    writeFileSync(at('src/mark.json'), '\uFEFF{}')
    writeFileSync(at('src/wide.json'), wide)
    writeFileSync(at('src/swapped.json'), Buffer.from(wide).swap16())
    const links = {
      'src/link.ts': '../other/e.ts',
      'src/linked': '../other',
      'src/chain': 'linked',
      'src/loop': 'loop',
      'src/dead': 'none',
    }
    for (const [name, to] of Object.entries(links)) symlinkSync(to, at(name))
    const names = [
      '',
      'src',
      'src/deep',
      'src/a.ts',
      'src/a.ts/x',
      'src/none',
      'src/none/x',
      'src/linked/e.ts',
      'src/chain',
      'src/chain/e.ts',
    ]
    const jsons = ['src/mark.json', 'src/wide.json', 'src/swapped.json']
    run(dir, [...names, ...jsons, 'src/link.ts', 'src/linked', 'src/loop', 'src/loop/x', 'src/dead'].map(at))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

for (const name of ['typescript', 'typescript-5.4', 'typescript-6']) {
  const ts = require(name) as typeof typescript
  test(`TypeScript ${ts.version} sees of a disk what it sees by itself`, () => {
    withPlaces((dir, places) => {
      const system = systemOf(ts, openDisk())
      for (const place of places) {
        assert.is(system.fileExists(place), ts.sys.fileExists(place), `is a file: ${place}`)
        assert.is(system.directoryExists(place), ts.sys.directoryExists(place), `is a folder: ${place}`)
        assert.is(system.readFile(place), ts.sys.readFile(place), `text: ${place}`)
        assert.is(system.realpath(place), ts.sys.realpath!(place), `real path: ${place}`)
        assert.equal(system.getDirectories(place), ts.sys.getDirectories(place), `folders: ${place}`)
      }
      for (const include of [['**/*'], ['src'], ['src/**/*'], ['**/*.json', 'src/*.ts'], ['../x'], ['src/linked/*']])
        for (const exclude of [undefined, ['src/deep']]) {
          const args = [dir, ['.ts', '.tsx', '.json'], exclude, include] as const
          assert.equal(system.readDirectory(...args, undefined), ts.sys.readDirectory(...args), `${include} without ${exclude}`)
        }
    })
  })
}

test('each place is looked at once, and the text that is given stands for what lies there', () => {
  withPlaces((dir) => {
    const a = path.join(dir, 'src/a.ts')
    const disk = openDisk(new Map([[path.join(dir, 'other/e.ts'), 'given']]))
    assert.is(disk.text(a), 'src/a.ts')
    assert.is(disk.text(path.join(dir, 'other/e.ts')), 'given')
    assert.is(disk.isFile(path.join(dir, 'src/new.ts')), false)
    writeFileSync(a, 'edited')
    writeFileSync(path.join(dir, 'src/new.ts'), '')
    assert.is(disk.text(a), 'src/a.ts')
    assert.is(disk.isFile(path.join(dir, 'src/new.ts')), false)
    assert.is(openDisk().text(a), 'edited')
  })
})

test.run()
