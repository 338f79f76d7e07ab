import { useIntersection } from "@mantine/hooks";
import { TextLayer, type PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef } from "react";
import classes from "./Preview.module.css";

/** A page of a PDF. It is drawn when it comes near, with its text above for selection and screen readers. */
export function PdfPage({ pdf, number }: { pdf: PDFDocumentProxy; number: number }) {
    const { ref, entry } = useIntersection<HTMLDivElement>({ rootMargin: "600px" });
    const page = useRef<HTMLDivElement | null>(null);
    const canvas = useRef<HTMLCanvasElement>(null);
    const text = useRef<HTMLDivElement>(null);
    const isNear = entry?.isIntersecting ?? false;
    useEffect(() => {
        if (!isNear) return;
        let stop = () => {};
        void pdf.getPage(number).then((proxy) => {
            if (!page.current || !canvas.current || !text.current) return;
            const original = proxy.getViewport({ scale: 1 });
            const scale = page.current.clientWidth / original.width;
            const density = Math.min(devicePixelRatio, 2);
            const viewport = proxy.getViewport({ scale: scale * density });
            canvas.current.width = viewport.width;
            canvas.current.height = viewport.height;
            page.current.style.aspectRatio = `${original.width} / ${original.height}`;
            page.current.style.setProperty("--total-scale-factor", String(scale));
            const drawing = proxy.render({ canvas: canvas.current, viewport });
            // A page that is left before it is drawn.
            drawing.promise.catch(() => {});
            text.current.replaceChildren();
            const layer = new TextLayer({
                textContentSource: proxy.streamTextContent(),
                container: text.current,
                viewport: proxy.getViewport({ scale }),
            });
            layer.render().catch(() => {});
            stop = () => {
                drawing.cancel();
                layer.cancel();
            };
        });
        return () => stop();
    }, [isNear, pdf, number]);
    return (
        <div
            className={classes.page}
            ref={(element) => {
                page.current = element;
                ref(element);
            }}
        >
            <canvas ref={canvas} className={classes.canvas} />
            <div ref={text} className={classes.textLayer} />
        </div>
    );
}
