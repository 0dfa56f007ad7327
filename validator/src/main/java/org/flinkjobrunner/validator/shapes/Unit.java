package org.flinkjobrunner.validator.shapes;

/** What is evaluated at once: a shape with targets and one of its property shapes, or the shape's own constraints. */
public final class Unit {
    private final Shape root;
    private final Shape shape;
    private final String key;

    public Unit(Shape root, Shape shape) {
        this.root = root;
        this.shape = shape;
        this.key = root.label() + ' ' + shape.label();
    }

    /** The shape with the targets. */
    public Shape root() {
        return root;
    }

    /** A property shape of the root, or the root itself for its own constraints. */
    public Shape shape() {
        return shape;
    }

    /** Stable over unrelated edits of the shapes. */
    public String key() {
        return key;
    }
}
