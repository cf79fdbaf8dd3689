import type { LogChunk } from '../../api/runs.ts'

/**
 * Turns a log's chunks into text. A chunk may end inside a character, which the next one of the same stream completes;
 * bytes that are no UTF-8 become replacement characters.
 */
export class LogDecoder {
  readonly #decoders = new Map<string, TextDecoder>()

  /** The text of the next chunk. */
  push(chunk: Pick<LogChunk, 'stream' | 'base64'>): string {
    let decoder = this.#decoders.get(chunk.stream)
    if (!decoder) {
      decoder = new TextDecoder()
      this.#decoders.set(chunk.stream, decoder)
    }
    return decoder.decode(bytesOf(chunk.base64), { stream: true })
  }

  /** What is left when nothing more comes: a replacement character for each character that was cut off. */
  end(): string {
    const rest = [...this.#decoders.values()].map((decoder) => decoder.decode()).join('')
    this.#decoders.clear()
    return rest
  }
}

function bytesOf(base64: string): Uint8Array {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
