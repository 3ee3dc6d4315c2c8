import Foundation
import Networks
import Testing

@Suite struct NetworkCostTests {
  /// Multiply-adds as torchvision states them for its weights (`_ops`), at 224 x 224, 1000 classes.
  @Test(arguments: [("resnet18", 1.814), ("resnet50", 4.089), ("efficientnet-b0", 0.386), ("vgg16", 15.47)])
  func multiplyAddsAreTheReferences(name: String, billions: Double) throws {
    let cost = try NetworkCost(NetworkDesign(named: name), classes: 1000)
    #expect(abs(Double(cost.multiplyAdds) / 1e9 - billions) < 0.01 * billions, "\(cost.multiplyAdds)")
  }

  @Test func keptActivationsGrowWithTheImage() throws {
    let design = try NetworkDesign(named: "resnet18")
    let (small, large) = (
      try NetworkCost(design, classes: 2, size: .init(side: 64)),
      try NetworkCost(design, classes: 2, size: .init(side: 128))
    )
    // Every map has four times the places; the pooled 512 features do not.
    #expect(large.activationBytes - 4 * small.activationBytes == -3 * 512 * 4)
    #expect(small.activationBytesInBFloat16 < small.activationBytes)
    #expect(large.multiplyAdds - 4 * small.multiplyAdds == -3 * 512 * 2)
  }

  @Test(arguments: NetworkDesign.all.map(\.name))
  func everyNetworkCanBeDescribed(name: String) throws {
    let design = try NetworkDesign(named: name)
    let cost = try NetworkCost(design, classes: 2)
    #expect(cost.multiplyAdds > 10_000_000)
    #expect(cost.activationBytes > 1 << 20)
    #expect(cost.activationBytesInBFloat16 < cost.activationBytes)
    #expect(cost.activationBytesInBFloat16 * 2 >= cost.activationBytes)
    #expect((try JSONSerialization.jsonObject(with: design.settings) as? [String: Any]) != nil)
  }
}
