// Who reads what a command prints may go away, as `head` does.

/** `gone` is called when nobody reads any more; what cannot be written for another reason is an error as ever. The answer puts an end to that. */
export function onReaderGone(gone: () => void): () => void {
  const streams = [process.stdout, process.stderr]
  const heard = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    gone()
  }
  for (const stream of streams) stream.on('error', heard)
  return () => {
    for (const stream of streams) stream.off('error', heard)
  }
}
