// What esbuild and TypeScript make of a module without bundling it.

import { transformSync } from 'esbuild'
import ts from 'typescript'

export const lowered = {
  esbuild: (text: string, loader: 'ts' | 'tsx' = 'ts'): string =>
    transformSync(text, { loader, minifyIdentifiers: true, target: 'esnext', format: 'esm' }).code,
  typescript: (text: string): string =>
    ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext } }).outputText,
} as const
