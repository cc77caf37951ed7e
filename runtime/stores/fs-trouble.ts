// What the disk can refuse, with the way out.

import { MintmarkError } from '../errors.js'

const WAYS_OUT: Readonly<Record<string, string>> = {
  EACCES: "Give this user the right to read and write there, or choose another folder with the store's `dir`.",
  EPERM: "Give this user the right to read and write there, or choose another folder with the store's `dir`.",
  EROFS: "The disk is read-only: choose another folder with the store's `dir`, or use the mode `readonly`.",
  ENOSPC: "The disk is full: free some space, or choose another folder with the store's `dir`.",
  EDQUOT: "The disk quota is used up: free some space, or choose another folder with the store's `dir`.",
  ENOTDIR: "A file stands where the store needs a folder: remove it, or choose another folder with the store's `dir`.",
  EISDIR: 'A folder stands where the store needs a file: remove it.',
  EMFILE: 'This process has too many files open: raise the limit (`ulimit -n`).',
  ENFILE: 'This machine has too many files open: raise the limit.',
  EIO: 'The disk reports a fault: check it.',
}

/** MM3002 around what the system said; errors that have a code of ours already stay as they are. */
export function fsTrouble(verb: 'read' | 'write' | 'delete' | 'list', path: string, error: unknown): MintmarkError {
  if (error instanceof MintmarkError) return error
  const code = codeOf(error)
  const wayOut = WAYS_OUT[code] ?? "Check the store's folder, or choose another one with its `dir`."
  return new MintmarkError('MM3002', `cannot ${verb} \`${path}\`: ${code || String(error)}. ${wayOut}`, { cause: error })
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes(codeOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
