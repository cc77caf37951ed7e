// A project of its own in a temporary folder, as a user has it: sources, a tsconfig, `mintmark` in node_modules. It is compiled by the real
// `tspc` and run by a real Node.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository: `dist/test/support/workbench.js` is three folders below it. */
export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Workbench {
  readonly dir: string
  write(files: Readonly<Record<string, string>>): void
  read(file: string): string
  /** Puts every `packages/NAME` among the files into node_modules, as workspaces are. */
  linkPackages(files: Readonly<Record<string, string>>): void
  /** Replaces one text in a file; throws when it is not there. */
  edit(file: string, from: string, to: string): void
  /** Runs `tspc` with the arguments, `-p .` when there are none, over the types of the language and not those of browsers: half as many to parse. */
  compile(...args: string[]): Outcome
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Outcome
  remove(): void
}

const PACKAGES = ['typescript', '@types', 'undici-types']
const TSPC = createRequire(import.meta.url).resolve('ts-patch/bin/tspc.js')

/** `from` is a folder to start with, below the repository. */
export function openWorkbench(from?: string): Workbench {
  const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-bench-'))
  if (from !== undefined) cpSync(path.join(REPOSITORY, from), dir, { recursive: true, filter: (f) => !/(?:dist|\.mintmark)$/.test(f) })
  if (from?.startsWith('examples/')) cpSync(path.join(REPOSITORY, 'examples/package.json'), path.join(dir, 'package.json'))
  mkdirSync(path.join(dir, 'node_modules'), { recursive: true })
  symlinkSync(REPOSITORY, path.join(dir, 'node_modules/mintmark'), 'dir')
  for (const name of PACKAGES) symlinkSync(path.join(REPOSITORY, 'node_modules', name), path.join(dir, 'node_modules', name), 'dir')

  function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Outcome {
    const { MINTMARK_MODE, MINTMARK_STRICT, ...inherited } = process.env
    const result = spawnSync(process.execPath, args, {
      cwd: dir,
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...inherited, NO_COLOR: '1', ...env },
    })
    if (result.error) throw result.error
    return { status: result.status, stdout: result.stdout, stderr: result.stderr }
  }

  const bench: Workbench = {
    dir,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
        writeFileSync(path.join(dir, name), text)
      }
    },
    linkPackages(files) {
      for (const name of Object.keys(files).flatMap((f) => /^packages\/(\w+)\/package\.json$/.exec(f)?.[1] ?? []))
        symlinkSync(path.join(dir, 'packages', name), path.join(dir, 'node_modules', name), 'dir')
    },
    read: (file) => readFileSync(path.join(dir, file), 'utf8'),
    edit(file, from, to) {
      const text = bench.read(file)
      if (!text.includes(from)) throw new Error(`${file} holds no ${JSON.stringify(from)}`)
      writeFileSync(path.join(dir, file), text.replace(from, to))
    },
    compile: (...args) => run([TSPC, ...(args.length > 0 ? args : ['-p', '.']), '--lib', 'es2023,esnext.disposable']),
    node: run,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
  return bench
}
