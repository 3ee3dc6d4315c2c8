import ArgumentParser
@main struct Insonate: ParsableCommand { func run() { print("insonate") } }
