"""Learn to read handwritten digits. MLflow records parameters and metrics; the trained model is the job's output."""

import argparse

import mlflow
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--model", required=True, help="the folder the trained model is written to")
    arguments = parser.parse_args()

    images, digits = load_digits(return_X_y=True, as_frame=True)
    split = train_test_split(images.astype(float), digits, random_state=7)
    train_images, test_images, train_digits, test_digits = split
    print(f"Learning from {len(train_images)} images of 8 x 8 dots; {len(test_images)} others are for trying.")

    mlflow.sklearn.autolog(log_models=False, silent=True)
    with mlflow.start_run():
        forest = RandomForestClassifier(n_estimators=arguments.trees, random_state=7)
        forest.fit(train_images, train_digits)
        accuracy = forest.score(test_images, test_digits)
        mlflow.log_metric("test_accuracy", accuracy)

    signature = mlflow.models.infer_signature(test_images)
    mlflow.sklearn.save_model(forest, arguments.model, signature=signature, serialization_format="cloudpickle")
    print(f"It reads {accuracy:.1%} of the digits it had not seen.")


if __name__ == "__main__":
    main()
