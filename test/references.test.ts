// Project references: which tsconfig holds for a file, and what an emitted file of a referenced project counts as.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Files, fingerprint } from './support/fingerprints.js'

const at = 'app/src/a.ts#f'
const json = (value: unknown): string => JSON.stringify(value)

const aliased: Files = {
  'app/src/a.ts': "import { g } from '@/lib/g.js'; export const f = () => g()",
  'app/src/lib/g.ts': 'export const g = () => 1',
}
const settings = { compilerOptions: { composite: true, baseUrl: '.', paths: { '@/*': ['src/*'] } } }
const plain = {
  'app/src/a.ts': "import { g } from './lib/g.js'; export const f = () => g()",
  'app/src/lib/g.ts': aliased['app/src/lib/g.ts']!,
}

for (const [name, configs] of [
  [
    'one beside it',
    {
      'app/tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
      'app/tsconfig.app.json': { ...settings, include: ['src'] },
    },
  ],
  [
    'one that is reached through another',
    {
      'app/tsconfig.json': { files: [], references: [{ path: './tsconfig.all.json' }] },
      'app/tsconfig.all.json': { files: [], references: [{ path: './tsconfig.node.json' }, { path: './tsconfig.app.json' }] },
      'app/tsconfig.node.json': { include: ['vite.config.ts'] },
      'app/tsconfig.app.json': { ...settings, include: ['src'] },
    },
  ],
] as const) {
  test(`the options of a file are those of the referenced project that includes it: ${name}`, () => {
    const files = { ...aliased, ...Object.fromEntries(Object.entries(configs).map(([file, value]) => [file, json(value)])) }
    assert.is(fingerprint(files, at), fingerprint(plain, at))
    assert.is.not(fingerprint({ ...files, 'app/src/lib/g.ts': 'export const g = () => 2' }, at), fingerprint(files, at))
  })
}

test('a file that its own tsconfig includes has the options of that, whatever it references', () => {
  const own = { ...settings, include: ['src'], references: [{ path: '../other' }] }
  const files = { ...aliased, 'app/tsconfig.json': json(own), 'other/tsconfig.json': json({ include: ['../app/src'] }) }
  assert.is(fingerprint(files, at), fingerprint(plain, at))
})

for (const [name, emitted] of [
  ['its declarations', 'dist/index.d.ts'],
  ['its JavaScript', 'dist/index.js'],
] as const) {
  test(`what a referenced project emits counts by its source: ${name}`, () => {
    const files = (body: string, output: string): Files => ({
      'app/tsconfig.json': json({
        compilerOptions: { paths: { lib: [`../lib/${emitted}`] } },
        include: ['src'],
        references: [{ path: '../lib' }],
      }),
      'app/src/a.ts': "import { g } from 'lib'; export const f = () => g()",
      'lib/tsconfig.json': json({ compilerOptions: { composite: true, rootDir: 'src', outDir: 'dist' }, include: ['src'] }),
      'lib/src/index.ts': `export const g = (): number => ${body}`,
      ...(output !== '' && { 'lib/dist/index.d.ts': 'export declare const g: () => number', 'lib/dist/index.js': output }),
    })
    const first = fingerprint(files('1', 'export const g = () => 1'), at)
    assert.is(fingerprint(files('1', ''), at), first, 'before it is built')
    assert.is(fingerprint(files('1', 'export const g = () => /* not built yet */ 0'), at), first)
    assert.is.not(fingerprint(files('2', 'export const g = () => 1'), at), first)
  })
}

test('what a referenced project emits counts by its own content where it is asked for as a text', () => {
  const files = (source: string, output: string): Files => ({
    'app/tsconfig.json': json({ include: ['src'], references: [{ path: '../lib' }] }),
    'app/src/a.ts': "import text from '../../lib/dist/index.js?raw'; export const f = () => text",
    'lib/tsconfig.json': json({ compilerOptions: { composite: true, rootDir: 'src', outDir: 'dist' }, include: ['src'] }),
    'lib/src/index.ts': source,
    'lib/dist/index.js': output,
  })
  const first = fingerprint(files('1', '1'), at)
  assert.is(fingerprint(files('2', '1'), at), first)
  assert.is.not(fingerprint(files('1', '2'), at), first)
})

test('what a referenced project emits counts by its source where it is named by its path', () => {
  const files = (source: string): Files => ({
    'app/tsconfig.json': json({ include: ['src'], references: [{ path: '../lib' }] }),
    'app/src/a.ts': "import { g } from '../../lib/dist/index.js'; export const f = () => g()",
    'lib/tsconfig.json': json({ compilerOptions: { composite: true, rootDir: 'src', outDir: 'dist' }, include: ['src'] }),
    'lib/src/index.ts': source,
    'lib/dist/index.js': 'export const g = () => 1',
  })
  assert.is.not(fingerprint(files('export const g = () => 2'), at), fingerprint(files('export const g = () => 3'), at))
})

test.run()
