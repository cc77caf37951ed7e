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
}

/** The options of a tsconfig, with what it extends. */
export function readOptions(ts: TS, config: string): ts.CompilerOptions {
  const { config: raw = {} } = ts.readConfigFile(config, ts.sys.readFile) as { config?: { files?: unknown } }
  // Which files belong to the project does not matter here, and listing them is slow.
  const host: ts.ParseConfigHost = { ...ts.sys, readDirectory: () => [] }
  return ts.parseJsonConfigFileContent({ ...raw, files: [], include: [] }, host, path.dirname(config), undefined, config).options
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
    decorators: experimentalDecorators ? `legacy${emitDecoratorMetadata ? ' metadata' : ''}` : 'standard',
  }
}
