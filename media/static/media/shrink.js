// Shrinks a phone's photo before it is uploaded: 4 MB become about 0.4 MB on a slow connection.
const SIDE = 1600;
const QUALITY = 0.85;
// Smaller ones are not worth the loss of quality.
const LIGHT = 400_000;

// Returns a smaller JPEG of the same picture, upright; the file itself if the browser cannot read it (HEIC) or if
// that would gain nothing. The phone's metadata (place, camera) is removed.
export async function shrink(file) {
  if (file.type === "image/gif") return file;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  try {
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.size < LIGHT) return file;
    const small = await drawn(bitmap, Math.round(bitmap.width * scale) || 1, Math.round(bitmap.height * scale) || 1);
    return small && small.size < file.size ? small : file;
  } finally {
    bitmap.close();
  }
}

function drawn(bitmap, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(bitmap, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
