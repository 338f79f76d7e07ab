/** The largest width and height, in pixels. Logos are shown small, also on dense screens. */
const PIXELS = 512;

/** The largest file that the API accepts. */
const BYTES = 64 * 1024;

/** Draws an image at most this large. */
async function draw(image: ImageBitmap, pixels: number) {
    const scale = Math.min(1, pixels / Math.max(image.width, image.height));
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale)));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.convertToBlob({ type: "image/png" });
}

const toUrl = (blob: Blob) =>
    new Promise<string>((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result as string);
        reader.onerror = () => reject(reader.error ?? new Error("The file could not be read."));
        reader.readAsDataURL(blob);
    });

/** Returns an image as a `data:` URL that is small enough for a logo. Fails if the browser cannot read the image. */
export async function logoOf(file: Blob) {
    const image = await createImageBitmap(file);
    for (let pixels = PIXELS; ; pixels /= 2) {
        const blob = await draw(image, pixels);
        if (blob.size <= BYTES) return toUrl(blob);
    }
}
