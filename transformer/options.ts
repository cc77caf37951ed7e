// What the code of a file feels of its compiler options and of the plugin's settings.

import path from 'node:path'
import type ts from 'typescript'
import type { TS } from './pen.js'
import { readSettings, type Settings } from './settings.js'

/** What the code feels of the compiler options (C11). */
export interface Options {
  readonly compiler: ts.CompilerOptions
  readonly fieldsDefine: boolean
  readonly jsx: string
  /** Names that classic JSX calls (`jsxFactory`, `jsxFragmentFactory`) without being told so by the code. */
  readonly jsxNames: readonly string[]
  /** The module that the automatic JSX runtime imports in the same way. */
  readonly jsxRuntime: string | undefined
  /** `verbatimModuleSyntax`: every import that is not `import type` is evaluated. */
  readonly keepsImports: boolean
  readonly decorators: string
  readonly settings: Settings
  /** The tsconfig that says so, and those that it extends. */
  readonly files: readonly string[]
}

/** The options of a tsconfig, with what it extends, and what the code feels of them. */
export function readOptions(ts: TS, config: string): Options {
  const files: string[] = []
  const readFile = (file: string): string | undefined => {
    files.push(file)
    return ts.sys.readFile(file)
  }
  const { config: raw = {} } = ts.readConfigFile(config, readFile) as { config?: { files?: unknown } }
  // Which files belong to the project does not matter here, and listing them is slow.
  const host: ts.ParseConfigHost = { ...ts.sys, readFile, readDirectory: () => [] }
  const { options } = ts.parseJsonConfigFileContent({ ...raw, files: [], include: [] }, host, path.dirname(config), undefined, config)
  return { ...feel(ts, options), files: [...new Set(files)] }
}

/** Fields define unless a target below ES2022 or the option itself says otherwise; no target at all means the newest. */
export function feel(ts: TS, compiler: ts.CompilerOptions): Options {
  const {
    target,
    useDefineForClassFields,
    jsx,
    jsxImportSource,
    jsxFactory,
    jsxFragmentFactory,
    experimentalDecorators,
    emitDecoratorMetadata,
    verbatimModuleSyntax,
  } = compiler
  const isAutomatic = jsx === ts.JsxEmit.ReactJSX || jsx === ts.JsxEmit.ReactJSXDev
  return {
    compiler,
    fieldsDefine: useDefineForClassFields ?? (target === undefined || target >= ts.ScriptTarget.ES2022),
    jsx: [isAutomatic ? 'automatic' : 'classic', jsxImportSource, jsxFactory, jsxFragmentFactory].join(' '),
    jsxNames: [jsxFactory, jsxFragmentFactory].flatMap((name) => (isAutomatic || name === undefined ? [] : [name.split('.')[0]!])),
    jsxRuntime: isAutomatic ? `${jsxImportSource ?? 'react'}/jsx-runtime` : undefined,
    keepsImports: verbatimModuleSyntax === true,
    settings: readSettings(compiler.plugins),
    files: [],
    decorators: experimentalDecorators ? `legacy${emitDecoratorMetadata ? ' metadata' : ''}` : 'standard',
  }
}
