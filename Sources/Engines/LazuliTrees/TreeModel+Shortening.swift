extension TreeModel {
    /// Leaves out all trees after the first so many, and their nodes and leaves.
    package mutating func keepFirst(_ count: Int) {
        guard count < trees.count else { return }
        var kept = TreeModel(width: width, start: start)
        for tree in trees.prefix(count) { kept.append(tree, of: self) }
        self = kept
    }

    /// Copies a tree of another model.
    package mutating func append(_ tree: Tree, of other: TreeModel) {
        let values = tree.output == nil ? other.width : 1
        func copied(_ place: Int32) -> Int32 {
            var node = other.nodes[Int(place)]
            let copy = nodes.count
            nodes.append(node)
            if !other.covers.isEmpty { covers.append(other.covers[Int(place)]) }
            if node.isLeaf {
                nodes[copy].left = Int32(leaves.count)
                leaves += other.leaves[Int(node.left)..<Int(node.left) + values]
            } else {
                node.left = copied(node.left)
                node.right = copied(node.right)
                nodes[copy] = node
            }
            return Int32(copy)
        }
        trees.append(Tree(root: copied(tree.root), output: tree.output))
    }
}
