// What the code of a file feels of its compiler options and of the plugin's settings.

import path from 'node:path'
import type ts from 'typescript'
import type { Disk } from './disk.js'
import type { TS } from './pen.js'
import type { References } from './references.js'
import type { Replacements } from './replacements.js'
import { readSettings, type Settings } from './settings.js'
import { systemOf } from './system.js'

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

export interface OptionsSource {
  readonly ts: TS
  readonly disk: Disk
  /** A tsconfig for all files; otherwise each file has the nearest one. */
  readonly tsconfig: string | undefined
  /** Options as the host has them, for the files of its own project. */
  readonly compilerOptions: ts.CompilerOptions | undefined
  readonly references: References
  /** For files whose tsconfig says nothing of `jsx`. */
  readonly jsx: Replacements['jsx']
}

/** The options of each file: of the tsconfig that holds for it, or of the referenced project that includes it. */
export function openOptions({ ts, disk, tsconfig, compilerOptions, references, jsx }: OptionsSource): (file: string) => Options {
  const nearest = new Map<string, string | undefined>()
  const found = new Map<string | undefined, Options>()
  const given = tsconfig ?? (compilerOptions?.configFilePath as string | undefined)
  const shared = given !== undefined && disk.exists(given) ? disk.realpath(given) : undefined

  function nearestOf(dir: string): string | undefined {
    if (!nearest.has(dir)) {
      const config = path.join(dir, 'tsconfig.json')
      const parent = path.dirname(dir)
      nearest.set(dir, disk.exists(config) ? config : parent === dir ? undefined : nearestOf(parent))
    }
    return nearest.get(dir)
  }

  return (file) => {
    const around = given === undefined && compilerOptions === undefined ? nearestOf(path.dirname(file)) : shared
    const config = around && references.configOf(file, around)
    let options = found.get(config)
    if (options === undefined) {
      if (compilerOptions !== undefined && config === shared) options = feel(ts, compilerOptions)
      else options = config === undefined ? feel(ts, withJsx(ts, {}, jsx)) : readOptions(ts, disk, config, jsx)
      found.set(config, options)
    }
    return options
  }
}

/** The options of a tsconfig, with what it extends, and what the code feels of them. */
function readOptions(ts: TS, disk: Disk, config: string, jsx: Replacements['jsx']): Options {
  const system = systemOf(ts, disk)
  const files: string[] = []
  const readFile = (file: string): string | undefined => {
    files.push(file)
    return system.readFile(file)
  }
  const { config: raw = {} } = ts.readConfigFile(config, readFile) as { config?: { files?: unknown } }
  // Which files belong to the project does not matter here, and listing them is slow.
  const host: ts.ParseConfigHost = { ...system, readFile, readDirectory: () => [] }
  const { options } = ts.parseJsonConfigFileContent({ ...raw, files: [], include: [] }, host, path.dirname(config), undefined, config)
  return { ...feel(ts, withJsx(ts, options, jsx)), files: [...new Set(files)] }
}

/** What a tsconfig says of `jsx` goes before what a bundler is told: https://esbuild.github.io/content-types/#tsconfig-json */
function withJsx(ts: TS, compiler: ts.CompilerOptions, given: Replacements['jsx']): ts.CompilerOptions {
  if (given === undefined) return compiler
  const { isAutomatic, ...names } = given
  return { jsx: isAutomatic ? ts.JsxEmit.ReactJSX : ts.JsxEmit.React, ...names, ...compiler }
}

/** The files of a tsconfig, absolute; none where there is no such file. */
export function readFiles(ts: TS, disk: Disk, config: string): readonly string[] {
  if (!disk.exists(config)) return []
  const system = systemOf(ts, disk)
  const { config: raw = {} } = ts.readConfigFile(config, system.readFile) as { config?: unknown }
  return ts.parseJsonConfigFileContent(raw, system, path.dirname(config), undefined, config).fileNames
}

/** The package of the automatic JSX runtime of a file, where no comment says otherwise. */
export function runtimeOf({ jsxRuntime }: Options, text: string): string | undefined {
  return jsxRuntime === undefined || text.includes('@jsx') ? undefined : jsxRuntime.slice(0, -'/jsx-runtime'.length)
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
