// What TypeScript is told of the disk is what its own system tells.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import typescript from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Disk, openDisk } from '../transformer/disk.js'
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

test('a disk that is renewed tells the files whose text alone has changed, and gives up where more has', () => {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'mintmark-')))
  const [a, b, none] = ['a.ts', 'b.ts', 'none.ts'].map((name) => path.join(dir, name)) as [string, string, string]
  const past = new Date(Date.now() - 60_000)
  const write = (file: string, text: string): void => {
    writeFileSync(file, text)
    // Whatever else keeps or restores it, the time of the last change tells.
    utimesSync(file, past, past)
  }
  const open = (): Disk => {
    for (const file of [a, b]) write(file, 'one')
    const disk = openDisk()
    for (const file of [a, b]) disk.text(file)
    disk.exists(none)
    return disk
  }
  const cases: Record<string, readonly [change: (disk: Disk) => void, expected: readonly string[] | undefined]> = {
    nothing: [() => {}, []],
    'the same text': [() => write(a, 'one'), []],
    'as many bytes at the same time': [() => write(a, 'two'), [a]],
    'two files': [() => [a, b].map((file) => write(file, 'more')), [a, b]],
    'a file whose bytes count': [(disk) => [disk.digest(a), write(a, 'two')], undefined],
    'a file that is gone': [() => rmSync(a), undefined],
    'a file that was not there': [() => write(none, 'one'), undefined],
    'a link in place of a file': [() => [rmSync(a), symlinkSync(b, a)], undefined],
    'a list': [(disk) => [disk.list(dir), write(path.join(dir, 'new.ts'), '')], undefined],
  }
  try {
    for (const [name, [change, expected]] of Object.entries(cases)) {
      for (const each of readdirSync(dir)) rmSync(path.join(dir, each))
      const disk = open()
      change(disk)
      assert.equal(disk.renew(), expected, name)
      if (expected !== undefined) assert.equal([disk.text(a), disk.renew()], [readFileSync(a, 'utf8'), []], name)
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('a file that has lain there for long is not read again, and an edit that leaves its size and its time is seen', async () => {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'mintmark-')))
  const file = path.join(dir, 'a.ts')
  const mtime = new Date('2020-01-01')
  const write = (text: string): void => {
    writeFileSync(file, text)
    utimesSync(file, mtime, mtime)
  }
  try {
    write('one')
    const disk = openDisk()
    disk.text(file)
    await sleep(3100)
    assert.equal(disk.renew(), [])
    write('two')
    assert.ok(disk.isEdited(file))
    assert.equal(disk.renew(), [file])
    assert.is(disk.text(file), 'two')
    // Within what a file system may call the same time.
    write('six')
    assert.equal(disk.renew(), [file])
  } finally {
    rmSync(dir, { recursive: true })
  }
})

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

test('what its host says is a fact like any other', () => {
  const open = (said: string): Disk => openDisk(undefined, new Map([['tool', said]]))
  const facts = open('one').facts()!
  assert.equal(
    [open('one'), open('two'), openDisk()].map((disk) => disk.agrees(facts)),
    [true, false, false],
  )
})

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

const QUESTIONS: Readonly<Record<string, (disk: Disk, at: (name: string) => string) => unknown>> = {
  'whether a file is there': (disk, at) => disk.isFile(at('src/new.ts')),
  'whether a folder is there': (disk, at) => disk.isFolder(at('src/deep')),
  'where a link leads': (disk, at) => disk.realpath(at('src/chain/e.ts')),
  'a text': (disk, at) => disk.text(at('src/a.ts')),
  'a digest': (disk, at) => disk.digest(at('src/a.ts')),
  'what a folder holds': (disk, at) => disk.list(at('src/deep')),
  'what a folder holds of a kind': (disk, at) => disk.list(at('src/deep'), ['.ts']),
  'which folders a folder holds': (disk, at) => systemOf(typescript, disk).getDirectories(at('src')),
  'what is required': (disk, at) => disk.required('dep', at('src/a.ts')),
}
const CHANGES: Readonly<Record<string, readonly [change: (at: (name: string) => string) => void, answersThatChange: readonly string[]]>> = {
  nothing: [() => {}, []],
  'a file that nobody asked for': [(at) => writeFileSync(at('src/other.ts'), ''), []],
  'a new file': [(at) => writeFileSync(at('src/new.ts'), ''), ['whether a file is there']],
  'a file of another kind': [(at) => writeFileSync(at('src/deep/notes.md'), ''), ['what a folder holds']],
  'a file of that kind': [(at) => writeFileSync(at('src/deep/e.ts'), ''), ['what a folder holds', 'what a folder holds of a kind']],
  'a text': [(at) => writeFileSync(at('src/a.ts'), 'edit.ts'), ['a text', 'a digest']],
  'a link': [
    (at) => [
      rmSync(at('src/linked')),
      symlinkSync('../other', at('src/linked')),
      rmSync(at('src/chain')),
      symlinkSync('deep', at('src/chain')),
      writeFileSync(at('src/deep/e.ts'), ''),
    ],
    ['where a link leads', 'what a folder holds', 'what a folder holds of a kind', 'which folders a folder holds'],
  ],
  'a folder': [
    (at) => rmSync(at('src/deep'), { recursive: true }),
    ['whether a folder is there', 'what a folder holds', 'what a folder holds of a kind', 'which folders a folder holds'],
  ],
  'a package': [(at) => rmSync(at('src/node_modules'), { recursive: true }), ['which folders a folder holds', 'what is required']],
}
for (const [change, [make, expected]] of Object.entries(CHANGES))
  test(`${change} changes: ${expected.join(', ') || 'no answer'}`, () => {
    withPlaces((dir) => {
      const at = (name: string): string => path.join(dir, name)
      writeFileSync(at('src/node_modules/dep/index.js'), '')
      const before = Object.entries(QUESTIONS).map(([name, ask]) => {
        const disk = openDisk()
        ask(disk, at)
        return [name, disk.facts()!] as const
      })
      make(at)
      assert.equal(
        before.flatMap(([name, facts]) => (openDisk().agrees(facts) ? [] : [name])),
        expected,
      )
    })
  })

test('what the host says is a fact like any other', () => {
  const saying = (...said: (readonly [string, string])[]) => openDisk(undefined, new Map(said))
  const disk = saying(['program', 'a'], ['compiler', 'b'])
  assert.equal(disk.renew(), [])
  assert.ok(saying(['program', 'a'], ['compiler', 'b']).agrees(disk.facts()!))
  for (const other of [saying(['program', 'a'], ['compiler', 'c']), saying(['program', 'a']), openDisk()])
    assert.not.ok(other.agrees(disk.facts()!))
})

test.run()
