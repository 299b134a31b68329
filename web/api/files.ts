/** Files go up and down as plain bytes, outside the JSON contract. */
import { ApiError, type Problem } from '@kit/problem'
import { csrfHeader } from './client'

export interface UploadedFile {
  id: string
  name: string
  size_bytes: number
}

/** Send a file with its progress (0 … 1); `abort` stops it. */
export function uploadFile(file: File, progress: (share: number) => void): { done: Promise<UploadedFile>; abort: () => void } {
  const request = new XMLHttpRequest()
  const done = new Promise<UploadedFile>((resolve, reject) => {
    request.open('POST', `/v1/files?name=${encodeURIComponent(file.name)}`)
    for (const [name, value] of Object.entries(csrfHeader())) request.setRequestHeader(name, value)
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    request.onload = () => {
      const body = JSON.parse(request.responseText) as UploadedFile | Problem
      if (request.status < 300) resolve(body as UploadedFile)
      else reject(new ApiError(body as Problem))
    }
    request.onerror = () => reject(new ApiError({ status: 0, code: 'network', detail: 'The upload was cut off.', retryable: true }))
    request.onabort = () => reject(new ApiError({ status: 0, code: 'cancelled', detail: 'The upload was cancelled.' }))
    request.send(file)
  })
  return { done, abort: () => request.abort() }
}

export const fileAddress = (fileId: string) => `/v1/files/${fileId}`
