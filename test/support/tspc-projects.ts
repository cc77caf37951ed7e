// Projects that `tspc` builds in every way it has: a flow with a method and a function, a helper two modules away, a file and a package that
// they reach. What their stamps have to be is asked of the same engine that `mintmark fingerprint` asks.

import { createRequire } from 'node:module'
import path from 'node:path'
import ts from 'typescript'
import { fingerprintModule, openReader } from '../../transformer/analysis.js'
import { openProject } from '../../transformer/project.js'
import type { Workbench } from './workbench.js'

export const TSPC = createRequire(import.meta.url).resolve('ts-patch/bin/tspc.js')

export const PLUGIN = { transform: 'mintmark/transformer', transformProgram: true }

const OPTIONS = {
  target: 'es2022',
  lib: ['es2022'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  skipLibCheck: true,
  types: [],
}

export interface TspcProject {
  readonly files: Readonly<Record<string, string>>
  /** Where the steps are, and where they are emitted. */
  readonly flow: string
  readonly output: string
  /** The helper behind both steps; `n * 1` stands in it. */
  readonly helper: string
  /** A file that the method reaches, and the package.json of a package that the function reaches. */
  readonly asset: string
  readonly package: string
}

const flow = (from: string): string => `
import { FlowSpec, memoize, step } from 'mintmark'
import { name } from 'dep'
import { outer, prompt } from '${from}'
export class F extends FlowSpec { @step @memoize({}) a() { return [outer(1), prompt()] } }
export const f = memoize(async () => [name, outer(2)])
`
const outer = (from: string): string => `
import { inner } from '${from}'
export const outer = (n: number): number => inner(n)
/** @mintmark include ./prompts/*.txt */
export const prompt = (): string => 'read somewhere'
`
const INNER = 'export function inner(n: number): number {\n  return n * 1\n}\n'
const DEP = {
  'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","types":"index.d.ts","main":"index.js"}',
  'node_modules/dep/index.d.ts': 'export declare const name: string\n',
}

export function onePackage(options: Record<string, unknown> = {}, type = 'module', plugin: object = PLUGIN): TspcProject {
  const compilerOptions = { ...OPTIONS, rootDir: 'src', outDir: 'dist', ...options, plugins: [plugin] }
  return {
    flow: 'src/flow.ts',
    output: 'dist/flow.js',
    helper: 'src/inner.ts',
    asset: 'src/prompts/a.txt',
    package: 'node_modules/dep/package.json',
    files: {
      ...DEP,
      'package.json': JSON.stringify({ type }),
      'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }),
      'src/flow.ts': flow('./outer.js'),
      'src/outer.ts': outer('./inner.js'),
      'src/inner.ts': INNER,
      'src/prompts/a.txt': 'a',
    },
  }
}

/** Three packages, each of which references the one before; they import each other by name, and only declarations are exported to types. */
export function threePackages(): TspcProject {
  const compilerOptions = { ...OPTIONS, composite: true, declarationMap: true, removeComments: true, plugins: [PLUGIN] }
  const own = (name: string, references: string[], index: string): Record<string, string> => {
    const manifest = { name, type: 'module', exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } } }
    const config = {
      extends: '../../tsconfig.base.json',
      compilerOptions: { rootDir: 'src', outDir: 'dist' },
      include: ['src'],
      references: references.map((r) => ({ path: `../${r}` })),
    }
    return {
      [`packages/${name}/package.json`]: JSON.stringify(manifest),
      [`packages/${name}/tsconfig.json`]: JSON.stringify(config),
      [`packages/${name}/src/index.ts`]: index,
    }
  }
  return {
    flow: 'packages/app/src/index.ts',
    output: 'packages/app/dist/index.js',
    helper: 'packages/base/src/inner.ts',
    asset: 'packages/lib/src/prompts/a.txt',
    package: 'node_modules/dep/package.json',
    files: {
      ...DEP,
      'tsconfig.base.json': JSON.stringify({ compilerOptions }),
      'tsconfig.json': JSON.stringify({ files: [], references: [{ path: 'packages/app' }] }),
      ...own('base', [], "export { inner } from './inner.js'\n"),
      'packages/base/src/inner.ts': INNER,
      ...own('lib', ['base'], outer('base')),
      'packages/lib/src/prompts/a.txt': 'a',
      ...own('app', ['lib'], flow('lib')),
    },
  }
}

/** The stamps in the output, by step. */
export function stampsOf(bench: Workbench, { output }: TspcProject): Record<string, string> {
  const found = [...bench.read(output).matchAll(/id"?: "[^"]*#([\w.]+)", "?fingerprint"?: "([0-9a-f]{64})"/g)]
  return Object.fromEntries(found.map(([, name, fingerprint]) => [name, fingerprint]))
}

/** What they have to be. */
export function expectedStamps(bench: Workbench, { flow: file }: TspcProject): Record<string, string> {
  const project = openProject({ ts, root: bench.dir })
  const found = fingerprintModule(openReader(project), project.module(path.join(bench.dir, file))!)
  return { 'F.a': found.get('F.a')!, f: found.get('f')! }
}
