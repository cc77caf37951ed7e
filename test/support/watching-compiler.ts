// `tspc --watch` in this process: the compiler that ts-patch has patched, told of each change by hand, so that a test need wait for nothing.

import { createRequire } from 'node:module'
import path from 'node:path'
import type ts from 'typescript'
import type { Workbench } from './workbench.js'

const compiler = createRequire(import.meta.url)('ts-patch/compiler/typescript.js') as typeof ts

export interface WatchingCompiler {
  /** These files were written or removed: compiles until nothing is left to do. The files that were written, from the folder of the project. */
  changed(...files: readonly string[]): Promise<string[]>
  /** What it has to say of the last program. */
  diagnostics(): string[]
  close(): void
}

export function watchingCompiler({ dir }: Workbench, config = 'tsconfig.json'): WatchingCompiler {
  const listeners = new Map<string, Set<(changed: string) => void>>()
  const due = new Map<number, () => void>()
  let count = 0
  let written: string[] = []
  let told: string[] = []

  function listen(place: string, heard: (changed: string) => void): ts.FileWatcher {
    const own = listeners.get(path.normalize(place)) ?? new Set()
    listeners.set(path.normalize(place), own.add(heard))
    return { close: () => void own.delete(heard) }
  }

  const { sys } = compiler
  const real = { ...sys }
  // The plugin watches by the compiler's own.
  Object.assign(sys, {
    getCurrentDirectory: () => dir,
    write() {},
    writeFile(file, text, mark) {
      written.push(path.relative(dir, file))
      real.writeFile(file, text, mark)
    },
    watchFile(file, heard) {
      const { Created, Changed, Deleted } = compiler.FileWatcherEventKind
      let wasThere = real.fileExists(file)
      return listen(file, () => {
        const [before, isThere] = [wasThere, real.fileExists(file)]
        wasThere = isThere
        if (before || isThere) heard(file, !isThere ? Deleted : before ? Changed : Created)
      })
    },
    watchDirectory: (folder, heard) => listen(folder, heard),
    setTimeout(run: () => void) {
      due.set(++count, run)
      return count
    },
    clearTimeout: (id: number) => due.delete(id),
  } satisfies Partial<ts.System>)
  const host = compiler.createWatchCompilerHost(
    path.join(dir, config),
    {},
    sys,
    compiler.createEmitAndSemanticDiagnosticsBuilderProgram,
    (d) => told.push(compiler.flattenDiagnosticMessageText(d.messageText, '\n')),
    () => {},
  )
  const watch = compiler.createWatchProgram(host)
  written = []

  return {
    async changed(...files) {
      await null
      written = []
      told = []
      for (const file of files.map((f) => path.join(dir, f))) {
        for (const heard of [...(listeners.get(file) ?? [])]) heard(file)
        for (let folder = path.dirname(file); folder.startsWith(dir); folder = path.dirname(folder))
          for (const heard of [...(listeners.get(folder) ?? [])]) heard(file)
      }
      while (due.size > 0) {
        const now = [...due.values()]
        due.clear()
        for (const run of now) run()
        // The plugin tells the compiler what it has noted when this turn is over.
        await null
      }
      return written.sort()
    },
    diagnostics: () => told,
    close() {
      watch.close()
      Object.assign(sys, real)
    },
  }
}
