// Which file of a linked workspace package is followed: the one that runs, whatever TypeScript takes for its types.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fingerprintExports } from '../transformer/fingerprint.js'
import { link } from '../transformer/link.js'
import { openProject } from '../transformer/project.js'
import { inFolder, type TS, typescript } from './support/fingerprints.js'

type Files = Readonly<Record<string, string>>

const ESM = 'export const g = () => 1'
const CJS = 'exports.g = () => 1'
const DTS = 'export declare const g: () => number'
const USES = `import { g } from '@w/lib'; export const f = () => g()`
const lib = (manifest: object, files: Files): Files => ({
  'lib/package.json': JSON.stringify({ name: '@w/lib', version: '1.0.0', ...manifest }),
  ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`lib/${name}`, text])),
})
const app = (type: string, compilerOptions: object, text = USES): Files => ({
  'app/package.json': JSON.stringify({ type }),
  'app/tsconfig.json': JSON.stringify({ compilerOptions }),
  'app/a.ts': text,
})
const NODENEXT = { module: 'nodenext' }
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' }
const DUAL = lib({ exports: { import: './e.mjs', require: './c.cjs' } }, { 'e.mjs': ESM, 'e.d.mts': DTS, 'c.cjs': CJS, 'c.d.cts': DTS })

/** The file that is followed, and those that are not. */
const CASES: readonly (readonly [name: string, files: Files, followed: string, others: readonly string[]])[] = [
  ['source', { ...app('module', NODENEXT), ...lib({ exports: './src/i.ts' }, { 'src/i.ts': ESM }) }, 'lib/src/i.ts', []],
  [
    'JavaScript, not the source beside it',
    {
      ...app('module', NODENEXT),
      ...lib({ exports: './dist/i.js', type: 'module' }, { 'dist/i.js': ESM, 'dist/i.d.ts': DTS, 'src/i.ts': ESM }),
    },
    'lib/dist/i.js',
    ['lib/src/i.ts', 'lib/dist/i.d.ts'],
  ],
  [
    'JavaScript whose types lie elsewhere',
    {
      ...app('module', NODENEXT),
      ...lib({ type: 'module', exports: { types: './types/i.d.ts', default: './dist/i.js' } }, { 'dist/i.js': ESM, 'types/i.d.ts': DTS }),
    },
    'lib/dist/i.js',
    ['lib/types/i.d.ts'],
  ],
  [
    'the build that runs, though its types are the source',
    {
      ...app('module', NODENEXT),
      ...lib({ type: 'module', exports: { types: './src/i.ts', default: './dist/i.js' } }, { 'dist/i.js': ESM, 'src/i.ts': ESM }),
    },
    'lib/dist/i.js',
    ['lib/src/i.ts'],
  ],
  ['of two builds the ES module, for an ES module', { ...app('module', NODENEXT), ...DUAL }, 'lib/e.mjs', ['lib/c.cjs']],
  ['of two builds the CommonJS, for CommonJS', { ...app('commonjs', NODENEXT), ...DUAL }, 'lib/c.cjs', ['lib/e.mjs']],
  ['of two builds the ES module, for a bundler', { ...app('commonjs', BUNDLER), ...DUAL }, 'lib/e.mjs', ['lib/c.cjs']],
  [
    'exports, though the tsconfig resolves as Node 10 did',
    { ...app('commonjs', { module: 'commonjs' }), ...DUAL },
    'lib/c.cjs',
    ['lib/e.mjs'],
  ],
  ['exports, without any options', { ...app('module', {}), ...DUAL }, 'lib/e.mjs', ['lib/c.cjs']],
  ['main', { ...app('module', NODENEXT), ...lib({ main: './dist/i.js' }, { 'dist/i.js': CJS }) }, 'lib/dist/i.js', []],
  [
    'a condition of the tsconfig',
    {
      ...app('module', { ...NODENEXT, customConditions: ['source'] }),
      ...lib({ exports: { source: './src/i.ts', default: './i.js' } }, { 'i.js': CJS, 'src/i.ts': ESM }),
    },
    'lib/src/i.ts',
    ['lib/i.js'],
  ],
  [
    'where paths lead',
    {
      ...app('module', { ...BUNDLER, paths: { '@w/lib': ['../lib/src/i.ts'] } }),
      ...lib({ exports: './i.js' }, { 'i.js': CJS, 'src/i.ts': ESM }),
    },
    'lib/src/i.ts',
    ['lib/i.js'],
  ],
  [
    'exports, where paths lead elsewhere',
    {
      ...app('module', { ...BUNDLER, paths: { '@other/*': ['../*'] } }),
      ...lib({ type: 'module', exports: { types: './src/i.ts', default: './i.js' } }, { 'i.js': ESM, 'src/i.ts': ESM }),
    },
    'lib/i.js',
    ['lib/src/i.ts'],
  ],
]

function read(ts: TS, root: string): string {
  const graph = link(openProject({ ts, root: path.join(root, 'app') }))
  return fingerprintExports(graph, graph.project.module(path.join(root, 'app/a.ts'))!).get('f')!
}

for (const alias of ['typescript-5.4', 'typescript', 'typescript-6'])
  for (const [name, files, followed, others] of CASES)
    test(`${typescript(alias).version} follows ${name}`, () =>
      inFolder(files, (root) => {
        mkdirSync(path.join(root, 'node_modules/@w'), { recursive: true })
        symlinkSync(path.join(root, 'lib'), path.join(root, 'node_modules/@w/lib'), 'dir')
        const ts = typescript(alias)
        const edit = (file: string, n: number): string => {
          writeFileSync(path.join(root, file), files[file]!.replace(/=> (?:1|number)/, `=> ${n}`))
          return read(ts, root)
        }
        const first = read(ts, root)
        const second = edit(followed, 2)
        assert.is.not(second, first)
        assert.is.not(edit(followed, 3), second)
        assert.is(edit(followed, 1), first)
        for (const other of others) assert.is(edit(other, 2), first, other)
      }))

test('what a tsconfig ignores is ignored wherever the project is looked at from', () => {
  const plugins = [{ transform: 'mintmark/transformer', ignore: ['src/log.ts'] }]
  const files = {
    'app/tsconfig.json': JSON.stringify({ compilerOptions: { plugins } }),
    'app/src/a.ts': `import { log } from './log.js'; export const f = () => log()`,
    'app/src/log.ts': 'export const log = () => 1',
  }
  inFolder(files, (root) => {
    const from = (folder: string): string => {
      const graph = link(openProject({ ts: typescript(), root: path.join(root, folder) }))
      return fingerprintExports(graph, graph.project.module(path.join(root, 'app/src/a.ts'))!).get('f')!
    }
    const before = from('app')
    assert.is(from(''), before)
    writeFileSync(path.join(root, 'app/src/log.ts'), 'export const log = () => 2')
    assert.is(from('app'), before)
    assert.is(from(''), before)
  })
})

test.run()
