// Uploads a file with tus-js-client, over a network that is cut again and again.
import { createReadStream } from "node:fs";
import { Upload } from "tus-js-client";

const [uploadUrl, path, protocol] = process.argv.slice(2);

await new Promise((resolve, reject) => {
  const upload = new Upload(createReadStream(path), {
    endpoint: null,
    uploadUrl,
    protocol,
    retryDelays: Array(60).fill(50),
    onError: reject,
    onSuccess: resolve,
  });
  upload.start();
});
