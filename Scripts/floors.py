"""The floor table: which floors there are, and who may import whom. The one place where it is written down."""

FLOORS = ("Ground", "Engines", "Domain", "Features", "Faces", "Assembly", "Program")
"""The folders of Sources/, lowest first. Imports point down; a floor may skip floors."""

SHARED_ON_A_FLOOR = {
    "Ground": ("LazuliResources",),
    "Engines": ("LazuliTabular", "LazuliTrees", "NativeLibraries", "ForestKernel", "NetworkKernel"),
}
"""The modules of a floor that their neighbours may import; two others of one floor never import each other."""

APART = {"LazuliARMFace": ("Features",)}
"""Modules that may not import a floor although it lies below: the management face receives its routes as data."""


def complaint(module: str, floor: str, imported: str, imported_floor: str) -> str | None:
    """Why `module` on `floor` may not import `imported` on `imported_floor`, or None if it may."""
    if imported_floor in APART.get(module, ()):
        return f"{module} imports nothing of {imported_floor}"
    if imported_floor == floor:
        if imported in SHARED_ON_A_FLOOR.get(floor, ()):
            return None
        return f"two modules of one floor ({floor}) never import each other"
    if FLOORS.index(imported_floor) > FLOORS.index(floor):
        return f"imports point down, and {imported_floor} lies above {floor}"
    return None
