// TypeScript to JavaScript, one file at a time: by esbuild. Only decorator metadata needs types' names, which esbuild does not keep: such files
// go through TypeScript itself.

import path from 'node:path'
import type { TransformFailure, TsconfigRaw } from 'esbuild'
import type ts from 'typescript'
import type { Options } from '../options.js'
import type { TS } from '../pen.js'
import type { Shelf } from '../shelf.js'
import { findEsbuild } from './esbuild.js'
import type { Format } from './format.js'

export interface Source {
  readonly file: string
  readonly text: string
  /** From `text` to what lies on disk, when the two differ. */
  readonly map?: { toUrl(): string } | undefined
}

const LOADERS = { '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx', '.jsx': 'jsx', '.js': 'js', '.mjs': 'js', '.cjs': 'js' } as const

/** The mistake of every first program: `npm init` makes a package of CommonJS. */
const AWAITING = '. Make it an ES module: `npm pkg set type=module`, or name the file .mts.'

export type Emit = (source: Source, format: Format, options: Options) => string

/** What Node runs, with its source map inline. It throws MM5005, and MM5006 where the text does not parse. */
export function openEmitter(ts: TS, root: string, shelf: Shelf): Emit {
  const esbuild = findEsbuild(root)
  return (source, format, options) => {
    const { file, text } = source
    const tsconfig = tsconfigOf(ts, options)
    const hasMetadata = options.decorators === 'legacy metadata' && text.includes('@')
    const question = [
      'emit',
      esbuild.version,
      process.versions.node,
      path.basename(file),
      format,
      hasMetadata,
      JSON.stringify(tsconfig),
    ].join(' ')
    return shelf.answer(question, text, () =>
      hasMetadata ? emitWithMetadata(ts, source, format, options) : transform(esbuild.load(), source, format, tsconfig),
    )
  }
}

function transform(esbuild: typeof import('esbuild'), { file, text, map }: Source, format: Format, tsconfigRaw: TsconfigRaw): string {
  const input = map === undefined ? text : `${text}\n//# sourceMappingURL=${map.toUrl()}`
  try {
    return esbuild.transformSync(input, {
      loader: LOADERS[path.extname(file) as keyof typeof LOADERS],
      format: format === 'module' ? 'esm' : 'cjs',
      platform: 'node',
      target: `node${process.versions.node}`,
      // A class is known by its name, and lowering would give it another.
      keepNames: true,
      sourcemap: 'inline',
      sourcesContent: false,
      sourcefile: path.basename(file),
      tsconfigRaw,
      logLevel: 'silent',
    }).code
  } catch (error) {
    const [first] = (error as Partial<TransformFailure>).errors ?? []
    if (first === undefined) throw error
    const { line = 1, column = 0 } = first.location ?? {}
    throw new SyntaxError(`MM5006 ${file}:${line}:${column + 1}: ${first.text}${/top-level await/i.test(first.text) ? AWAITING : ''}`)
  }
}

/** Of the tsconfig, what the emitted code feels. */
function tsconfigOf(ts: TS, { compiler, fieldsDefine }: Options): TsconfigRaw {
  const { jsx, jsxFactory, jsxFragmentFactory, jsxImportSource, experimentalDecorators, verbatimModuleSyntax, alwaysStrict, strict } =
    compiler
  const runtime = { [ts.JsxEmit.ReactJSX]: 'react-jsx', [ts.JsxEmit.ReactJSXDev]: 'react-jsxdev' } as const
  const given = { jsxFactory, jsxFragmentFactory, jsxImportSource, experimentalDecorators, verbatimModuleSyntax, alwaysStrict, strict }
  return {
    compilerOptions: {
      ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as TsconfigRaw['compilerOptions']),
      useDefineForClassFields: fieldsDefine,
      jsx: runtime[jsx as keyof typeof runtime] ?? 'react',
    },
  }
}

function emitWithMetadata(ts: TS, { file, text }: Source, format: Format, { compiler, fieldsDefine }: Options): string {
  const { moduleResolution, sourceRoot, mapRoot, sourceMap, ...kept } = compiler
  const compilerOptions: ts.CompilerOptions = {
    ...kept,
    target: ts.ScriptTarget.ES2022,
    useDefineForClassFields: fieldsDefine,
    module: format === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
    inlineSourceMap: true,
    inlineSources: false,
  }
  return ts.transpileModule(text, { fileName: path.basename(file), compilerOptions }).outputText
}
