/// What an experiment makes: a weighted mean of members, or a linear model over what they predict.
package struct FinalModel: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var features: FittedFeatures
        package var form: ModelForm
        /// Its share of the mean; all shares add up to 1. Ignored by stacking.
        package var weight: Double
        /// For people: the algorithm's name.
        package var name: String

        package init(features: FittedFeatures, form: ModelForm, weight: Double, name: String) {
            self.features = features
            self.form = form
            self.weight = weight
            self.name = name
        }
    }

    package var members: [Member]
    /// Takes the members' predictions, member after member, as its features; nil for a weighted mean.
    package var stack: Stack?
    /// What is done to the mean's probabilities; nil for nothing, and always for stacking and regression.
    package var calibration: PowerCalibration?
    package var target: TargetDescription
    package var columns: [InputColumn]

    package struct Stack: Sendable, Equatable {
        /// The members whose predictions are averaged to one of the stack's inputs, for each input.
        package var inputs: [[Int]]
        package var model: LinearModel

        package init(inputs: [[Int]], model: LinearModel) {
            self.inputs = inputs
            self.model = model
        }
    }

    package init(
        members: [Member], stack: Stack? = nil, calibration: PowerCalibration? = nil, target: TargetDescription,
        columns: [InputColumn]
    ) {
        self.members = members
        self.stack = stack
        self.calibration = calibration
        self.target = target
        self.columns = columns
    }
}

/// What the model predicts.
package struct TargetDescription: Sendable, Equatable {
    package var name: String
    package var task: LearningTask
    /// The classes in the order of their probabilities, as the table spells them; empty for regression.
    package var classes: [String]
    /// Whether all classes are whole numbers, so that labels are numbers too.
    package var classesAreIntegers: Bool
    /// Whether the classes are `True` and `False`.
    package var classesAreBooleans: Bool
    /// The class that the metrics of one class judge; nil where none was named.
    package var positiveClass: Int?
    /// Members of a regression predict (value − shift) / scale.
    package var shift: Double
    package var scale: Double

    package init(
        name: String, task: LearningTask, classes: [String] = [], classesAreIntegers: Bool = false,
        classesAreBooleans: Bool = false, shift: Double = 0, scale: Double = 1
    ) {
        self.name = name
        self.task = task
        self.classes = classes
        self.classesAreIntegers = classesAreIntegers
        self.classesAreBooleans = classesAreBooleans
        self.shift = shift
        self.scale = scale
    }
}

/// A column of the table that the model was trained on, whether it uses it or not.
package struct InputColumn: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case integer
        case real
        case boolean
        case text
        case dateTime
    }

    package var name: String
    package var kind: Kind
    /// Whether any member reads it.
    package var isUsed: Bool
    /// Whether values may be missing.
    package var mayMiss: Bool
    /// The category that a missing value counts as; nil where it is one of its own.
    package var missingMeans: String?

    package init(name: String, kind: Kind, isUsed: Bool, mayMiss: Bool, missingMeans: String? = nil) {
        self.name = name
        self.kind = kind
        self.isUsed = isUsed
        self.mayMiss = mayMiss
        self.missingMeans = missingMeans
    }
}
