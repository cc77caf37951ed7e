// A build that finds the steps of its program as an earlier one has kept them says what it would find out.

import { rmSync, statSync, utimesSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { draws } from './support/draws.js'
import { answersFile, NO_TYPESCRIPT, type Place, put } from './support/kept-answers.js'
import { type Change, kept, live, programOf } from './support/kept-builds.js'
import { EDITS, NAMES, PLACES, withProject } from './support/kept-places.js'
import { openWorkbench } from './support/workbench.js'

test('after each edit a build says what one says that keeps nothing, and so does the next one, which asks nobody', () => {
  withProject((bench) => {
    const stampsIn = (seen: unknown): string[] => JSON.stringify(seen).match(/"fingerprint":"\w+|"mark":{[^}]*/g) ?? []
    let last = kept(programOf(bench))
    assert.ok(stampsIn(last).length > 1)
    for (const [what, changes, name, to] of EDITS) {
      put(bench, name, to)
      const program = programOf(bench)
      const seen = kept(program)
      assert.equal(seen, live(program), what)
      assert.equal(kept(program, NO_TYPESCRIPT), seen, `${what}, the next time`)
      assert.is(stampsIn(seen).join() !== stampsIn(last).join(), changes, `${what}: changes`)
      last = seen
    }
  })
})

test('whatever lies where', () => {
  // Without a tsconfig there is no program.
  const placesOf = (name: string): readonly Place[] => PLACES[name]!.filter((place) => name !== 'tsconfig.json' || place !== undefined)
  const edit = fc.constantFrom(...NAMES).chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...placesOf(name))))
  const rounds = fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 8 })
  fc.assert(
    fc.property(rounds, (all) => {
      withProject((bench) => {
        kept(programOf(bench))
        for (const edits of all) {
          for (const [name, to] of edits) put(bench, name, to)
          const program = programOf(bench)
          assert.equal(kept(program), live(program))
        }
      })
    }),
    draws(6),
  )
})

const PROGRAMS: Readonly<Record<string, Change>> = {
  'an option of the command line': (options) => void (options.useDefineForClassFields = false),
  'an option of the plugin': (options) =>
    void (options.plugins = [{ transform: 'mintmark/transformer', ignore: ['src/foo/index.ts#foo'] }] as never),
  'some of its files': (_, files) => void (files.length = 1),
  'files in another order': (_, files) => void files.reverse(),
  'a file that is not read as it lies on disk'(_options, _files, host) {
    const { getSourceFile } = host
    host.getSourceFile = (name, ...rest) =>
      name.endsWith('src/a.ts') ? ts.createSourceFile(name, PLACES['src/a.ts']![1] as string, 99) : getSourceFile(name, ...rest)
  },
}

for (const [what, change] of Object.entries(PROGRAMS))
  test(`another program is not told what was kept: ${what}`, () => {
    withProject((bench) => {
      kept(programOf(bench))
      const other = programOf(bench, change)
      assert.throws(() => kept(other, NO_TYPESCRIPT), TypeError)
      assert.equal(kept(other), live(other))
    })
  })

test('an edit that keeps the size and the times of a file is seen', () => {
  withProject((bench) => {
    const before = kept(programOf(bench))
    for (const name of ['src/foo/index.ts', 'prompt.txt', 'node_modules/dep/package.json']) {
      const file = path.join(bench.dir, name)
      const { atime, mtime } = statSync(file)
      put(
        bench,
        name,
        bench.read(name).replace(/1|ask/, (found) => (found === '1' ? '2' : 'tel')),
      )
      utimesSync(file, atime, mtime)
      const program = programOf(bench)
      assert.equal(kept(program), live(program))
      assert.not.equal(kept(program), before)
    }
  })
})

test('tspc: an unchanged project is emitted and spoken of as before, and nothing is kept anew', () => {
  const bench = openWorkbench()
  try {
    const plugins = [{ transform: 'mintmark/transformer', transformProgram: true }]
    const compilerOptions = { target: 'es2022', module: 'esnext', moduleResolution: 'bundler', rootDir: 'src', outDir: 'dist', plugins }
    bench.write({
      'tsconfig.json': JSON.stringify({ compilerOptions: { ...compilerOptions, types: [], skipLibCheck: true }, include: ['src'] }),
      'src/helper.ts': 'export const helper = (n: number) => n + 1\n',
      'src/main.ts': `import { memoize } from 'mintmark'
import { helper } from './helper.js'
export const f = memoize(async (n: number) => [helper(n), Math.random()])
`,
    })
    const build = (): unknown[] => {
      rmSync(path.join(bench.dir, 'dist'), { recursive: true, force: true })
      const { status, stdout, stderr } = bench.compile()
      assert.is(status, 0, stdout)
      return [bench.read('dist/main.js'), bench.read('dist/mintmark.json'), stderr, statSync(answersFile(bench)).mtimeMs]
    }
    const first = build()
    assert.match(first[2] as string, /MM1007/)
    assert.equal(build(), first)
    bench.edit('src/helper.ts', 'n + 1', 'n + 2')
    assert.is.not(build()[0], first[0])
    bench.edit('src/helper.ts', 'n + 2', 'n + 1')
    assert.equal(build().slice(0, 3), first.slice(0, 3))
  } finally {
    bench.remove()
  }
})

test.run()
