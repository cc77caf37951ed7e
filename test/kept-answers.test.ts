// What a process answers without asking TypeScript again is what it would be told.

import { cpSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Host, openHost } from '../transformer/host.js'
import { draws } from './support/draws.js'
import { answersFile, cold, NO_TYPESCRIPT, put, warm } from './support/kept-answers.js'
import { EDITS, NAMES, PLACES, SOURCES, withProject } from './support/kept-places.js'
import { openWorkbench, REPOSITORY } from './support/workbench.js'

test('after each edit a new session answers as one that knows nothing, and the next one without TypeScript', () => {
  withProject((bench) => {
    let last = warm(bench, SOURCES)
    const stampsIn = (seen: unknown): string[] => JSON.stringify(seen).match(/fingerprint\\":\\"\w+|mintmark\.class[^;]*/g) ?? []
    assert.ok(stampsIn(last).length > 1)
    for (const [what, changes, name, to] of EDITS) {
      put(bench, name, to)
      const seen = warm(bench, SOURCES)
      assert.equal(seen, cold(bench, SOURCES), what)
      assert.equal(warm(bench, SOURCES, NO_TYPESCRIPT), seen, `${what}, the next time`)
      assert.is(stampsIn(seen).join() !== stampsIn(last).join(), changes, `${what}: changes`)
      last = seen
    }
  })
})

test('whatever lies where, a session that finds answers says the same as one that finds none', () => {
  const edit = fc.constantFrom(...NAMES).chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...PLACES[name]!)))
  // Who comes next may have missed several edits, and may ask for a part.
  const round = fc.record({ edits: fc.array(edit, { minLength: 1, maxLength: 3 }), asked: fc.subarray(SOURCES, { minLength: 2 }) })
  fc.assert(
    fc.property(fc.array(round, { minLength: 2, maxLength: 5 }), (rounds) => {
      withProject((bench) => {
        warm(bench, SOURCES)
        const living = openHost({ cwd: bench.dir })
        for (const { edits, asked } of rounds) {
          for (const [name, to] of edits) put(bench, name, to)
          const seen = warm(bench, asked)
          assert.equal(seen, cold(bench, asked))
          living.refresh()
          for (const name of asked) assert.is(living.stamp(path.join(bench.dir, name))?.code, codeIn(seen, name))
        }
      })
    }),
    draws(12),
  )
})

function codeIn(seen: unknown, name: string): string | undefined {
  return (seen as ([string, string] | undefined)[]).find((each) => each?.[0] === name)?.[1]
}

test('a session that lives on feels a tsconfig that goes, and one that comes', () => {
  const user = PLACES['late/user.ts']![1]
  for (const order of [
    [true, false, true],
    [false, true, false],
  ])
    withProject((bench) => {
      put(bench, 'late/user.ts', user)
      let living: Host | undefined
      for (const has of order) {
        put(bench, 'tsconfig.json', has ? PLACES['tsconfig.json']![0] : undefined)
        living ??= openHost({ cwd: bench.dir })
        living.refresh()
        const marked = living.stamp(path.join(bench.dir, 'src/doc.ts'))?.code ?? ''
        assert.is(marked.includes('mintmark.class'), has, order.join())
      }
    })
})

test('an edit that keeps the size and the times of a file is seen', () => {
  withProject((bench) => {
    const before = warm(bench, SOURCES)
    const file = path.join(bench.dir, 'src/foo/index.ts')
    const { atime, mtime } = statSync(file)
    put(bench, 'src/foo/index.ts', PLACES['src/foo/index.ts']![1])
    utimesSync(file, atime, mtime)
    const seen = warm(bench, SOURCES)
    assert.equal(seen, cold(bench, SOURCES))
    assert.not.equal(seen, before)
  })
})

test('answers of another checkout, of another tsconfig or of another parser are not taken', () => {
  withProject((bench) => {
    warm(bench, SOURCES)
    put(bench, 'tsconfig.other.json', '{ "compilerOptions": { "useDefineForClassFields": false, "paths": { "alias": ["./src/a.ts"] } } }')
    const asks = (options: object): void =>
      assert.throws(() => openHost({ cwd: bench.dir, ts: NO_TYPESCRIPT, ...options }).stamp(path.join(bench.dir, 'src/flow.ts')), TypeError)
    asks({ tsconfig: 'tsconfig.other.json' })
    asks({ ts: { version: '5.5.0' } })
    const other = openWorkbench()
    try {
      for (const [name, [first]] of Object.entries(PLACES)) put(other, name, first)
      cpSync(path.join(bench.dir, 'node_modules/.cache'), path.join(other.dir, 'node_modules/.cache'), { recursive: true })
      asks({ cwd: other.dir })
      assert.equal(
        JSON.stringify(warm(other, SOURCES)).replaceAll(other.dir, ''),
        JSON.stringify(cold(bench, SOURCES)).replaceAll(bench.dir, ''),
      )
    } finally {
      other.remove()
    }
  })
})

test('a file of answers that was cut or damaged gives no answer, and heals', () => {
  withProject((bench) => {
    const expected = warm(bench, SOURCES)
    const whole = readFileSync(answersFile(bench))
    for (let at = 0; at < whole.length; at += 1 + Math.floor(whole.length / 40)) {
      const flipped = Buffer.from(whole)
      flipped[at]! ^= 0x11
      for (const bytes of [whole.subarray(0, at), flipped]) {
        writeFileSync(answersFile(bench), bytes)
        const host = openHost({ cwd: bench.dir, ts: NO_TYPESCRIPT })
        assert.throws(() => host.stamp(path.join(bench.dir, 'src/flow.ts')), TypeError, `byte ${at}`)
      }
    }
    assert.equal(warm(bench, SOURCES), expected)
    assert.equal(warm(bench, SOURCES, NO_TYPESCRIPT), expected)
  })
})

test('a text that someone before us has made is stamped as it is, and is kept for nobody', () => {
  withProject((bench) => {
    const file = path.join(bench.dir, 'src/flow.ts')
    const expected = warm(bench, SOURCES)
    const host = openHost({ cwd: bench.dir })
    const changed = bench.read('src/flow.ts').replace('effect)', '[effect, 2])')
    assert.match(host.stamp(file, changed)!.code, /\[effect, 2\]/)
    host.save()
    assert.equal(warm(bench, SOURCES, NO_TYPESCRIPT), expected)
  })
})

const PROBE = `import { build } from 'esbuild'
import Module from 'node:module'
import { mintmark } from 'mintmark/esbuild'
await build({ entryPoints: ['src/flow.ts'], bundle: true, format: 'esm', packages: 'external', outdir: 'out', plugins: [mintmark()], logLevel: 'error' })
console.log(JSON.stringify(Object.keys(Module._cache).flatMap((file) => /(typescript|engine)\\.js$/.exec(file)?.[1] ?? []).sort()))
`

test('a build that finds everything as it was loads no TypeScript, and nothing that finds out', () => {
  withProject((bench) => {
    for (const [name, to] of [
      ['src/flow.ts', PLACES['src/flow.ts']![1]],
      ['probe.mjs', PROBE],
    ] as const)
      put(bench, name, to)
    symlinkSync(path.join(REPOSITORY, 'node_modules/esbuild'), path.join(bench.dir, 'node_modules/esbuild'), 'dir')
    const loaded = (): string[] => {
      const { stdout, stderr } = bench.node(['probe.mjs'])
      assert.is(stderr, '')
      return JSON.parse(stdout)
    }
    const first = loaded()
    const output = bench.read('out/flow.js')
    assert.equal(first, ['engine', 'typescript'])
    assert.equal(loaded(), [])
    assert.is(bench.read('out/flow.js'), output)
    bench.edit('src/foo/index.ts', '1', '5')
    assert.equal(loaded(), ['engine', 'typescript'])
    assert.is.not(bench.read('out/flow.js'), output)
  })
})

test.run()
